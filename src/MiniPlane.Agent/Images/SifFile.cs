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
    private const int LongestConfig = 1024 * 1024;

    /// <summary>The configuration, or null when the file has none.</summary>
    public static ImageConfig? ReadConfig(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] header = new byte[HeaderLength];
        if (file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength
            || !header.AsSpan(MagicOffset).StartsWith("SIF_MAGIC"u8))
        {
            throw new InvalidDataException($"{path} is not a SIF file");
        }

        long count = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(DescriptorCountOffset));
        file.Position = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(DescriptorsOffset));
        byte[] descriptor = new byte[DescriptorLength];
        for (long i = 0; i < Math.Min(count, MostDescriptors); i++)
        {
            file.ReadExactly(descriptor);
            ReadOnlySpan<byte> name = descriptor.AsSpan(NameOffset, NameLength);
            bool isUsed = descriptor[4] != 0;
            if (isUsed && Encoding.UTF8.GetString(name).TrimEnd('\0') == "oci-config.json")
            {
                return ReadObject(file, descriptor);
            }
        }

        return null;
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
