using System.Globalization;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace MiniPlane.Agent.Images;

/// <summary>
/// Reads the OCI configuration that Apptainer keeps in a SIF file made from an OCI image (a data object named oci-config.json).
/// Layout: sylabs/sif, global header and descriptors of 585 bytes, little-endian.
/// </summary>
internal static class SifFile
{
    private const int HeaderLength = 128;
    private const int MagicOffset = 32;
    private const int DescriptorsOffset = 96;
    private const int DescriptorCountOffset = 88;
    private const int DescriptorLength = 585;
    private const int NameOffset = 73;
    private const int NameLength = 128;
    private const int MostDescriptors = 1024;
    private const int ExtraOffset = 201;
    private const int PartitionType = 0x4004;
    private const int Squashfs = 1;
    private const int PrimarySystem = 2;
    private const int LongestConfig = 1024 * 1024;

    /// <summary>The configuration, or null when the file has none.</summary>
    public static ImageConfig? ReadConfig(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[]? descriptor = Descriptors(file, path).FirstOrDefault(
            candidate => Encoding.UTF8.GetString(candidate.AsSpan(NameOffset, NameLength)).TrimEnd('\0') == "oci-config.json");
        return descriptor is null ? null : ReadObject(file, descriptor);
    }

    /// <summary>Copies the image's root file system (squashfs) into a file of its own, which is there whole or not at all.</summary>
    public static void CopyFileSystem(string path, string target)
    {
        using FileStream file = File.OpenRead(path);
        byte[] descriptor = Descriptors(file, path).FirstOrDefault(IsRootFileSystem)
            ?? throw new InvalidDataException($"{path} has no squashfs file system");
        string partial = string.Create(CultureInfo.InvariantCulture, $"{target}.{Environment.MachineName}.{Environment.ProcessId}.partial");
        file.Position = BinaryPrimitives.ReadInt64LittleEndian(descriptor.AsSpan(17));
        long left = BinaryPrimitives.ReadInt64LittleEndian(descriptor.AsSpan(25));
        using (FileStream copy = File.Create(partial))
        {
            byte[] block = new byte[1024 * 1024];
            while (left > 0)
            {
                int read = file.Read(block, 0, (int)Math.Min(block.Length, left));
                if (read == 0)
                {
                    throw new InvalidDataException($"{path} is cut off");
                }

                copy.Write(block, 0, read);
                left -= read;
            }
        }

        File.Move(partial, target, overwrite: true);
    }

    private static bool IsRootFileSystem(byte[] descriptor) =>
        BinaryPrimitives.ReadInt32LittleEndian(descriptor) == PartitionType
        && BinaryPrimitives.ReadInt32LittleEndian(descriptor.AsSpan(ExtraOffset)) == Squashfs
        && BinaryPrimitives.ReadInt32LittleEndian(descriptor.AsSpan(ExtraOffset + 4)) == PrimarySystem;

    private static IEnumerable<byte[]> Descriptors(FileStream file, string path)
    {
        byte[] header = new byte[HeaderLength];
        if (file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength
            || !header.AsSpan(MagicOffset).StartsWith("SIF_MAGIC"u8))
        {
            throw new InvalidDataException($"{path} is not a SIF file");
        }

        long count = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(DescriptorCountOffset));
        file.Position = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(DescriptorsOffset));
        for (long i = 0; i < Math.Min(count, MostDescriptors); i++)
        {
            byte[] descriptor = new byte[DescriptorLength];
            file.ReadExactly(descriptor);
            if (descriptor[4] != 0)
            {
                yield return descriptor;
            }
        }
    }

    private static ImageConfig? ReadObject(FileStream file, byte[] descriptor)
    {
        long offset = BinaryPrimitives.ReadInt64LittleEndian(descriptor.AsSpan(17));
        long length = BinaryPrimitives.ReadInt64LittleEndian(descriptor.AsSpan(25));
        if (length > LongestConfig)
        {
            throw new InvalidDataException("the image's configuration is too large");
        }

        byte[] json = new byte[length];
        file.Position = offset;
        file.ReadExactly(json);
        return JsonSerializer.Deserialize(json, ImageJson.Default.ImageConfig);
    }
}
