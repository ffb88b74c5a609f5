using System.Globalization;
using System.Security.Cryptography;
using MiniPlane.Operations;

namespace MiniPlane.Hosting;

/// <summary>A short random name for this cluster, made once: it tells this cluster's jobs in the queue from another's.</summary>
internal static class ClusterIdentity
{
    private const int Length = 8;

    public static string LoadOrCreate(string dataDirectory)
    {
        string file = Path.Combine(dataDirectory, "cluster-id");
        if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: Length } known)
        {
            return known;
        }

        string made = RandomNumberGenerator.GetHexString(Length, lowercase: true);
        PrivateFile.Write(file, made);
        return made;
    }

    /// <summary>
    /// Where a one-host cluster takes its pods' loopback addresses from: one of the 2048 networks of 4094 addresses in 127.128.0.0/9,
    /// so that several clusters on a host seldom meet.
    /// </summary>
    public static string LoopbackRange(string clusterId)
    {
        _ = uint.TryParse(clusterId, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint number);
        number %= 2048;
        return string.Create(CultureInfo.InvariantCulture, $"127.{128 + (number >> 4)}.{(number & 15) << 4}.0/20");
    }
}
