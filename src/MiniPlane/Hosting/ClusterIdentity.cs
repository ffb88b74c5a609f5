using System.Security.Cryptography;

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
        string temporary = file + ".new";
        File.WriteAllText(temporary, made);
        File.Move(temporary, file, overwrite: true);
        return made;
    }
}
