using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Discovery;

/// <summary>Writes meta.v1.APIResourceList: the resources and subresources of one group and version.</summary>
internal static class ResourceListWriter
{
    public static void Write(Utf8JsonWriter writer, VersionView version)
    {
        writer.WriteString("kind", "APIResourceList");
        if (version.Group.Length > 0)
        {
            // The core group's list has none, as upstream's.
            writer.WriteString("apiVersion", "v1");
        }

        writer.WriteString("groupVersion", version.GroupVersion);
        writer.WriteStartArray("resources");
        foreach (KindDefinition kind in version.Kinds)
        {
            WriteKind(writer, kind);
            foreach (SubresourceDefinition subresource in kind.Subresources)
            {
                WriteSubresource(writer, kind, subresource);
            }
        }

        writer.WriteEndArray();
    }

    private static void WriteKind(Utf8JsonWriter writer, KindDefinition kind)
    {
        writer.WriteStartObject();
        writer.WriteString("name", kind.Plural);
        writer.WriteString("singularName", kind.Singular);
        writer.WriteBoolean("namespaced", kind.IsNamespaced);
        writer.WriteString("kind", kind.Kind);
        JsonBytes.WriteList(writer, "verbs", kind.Verbs);
        JsonBytes.WriteList(writer, "shortNames", kind.ShortNames);
        JsonBytes.WriteList(writer, "categories", kind.Categories);
        if (kind.Verbs.Contains("watch", StringComparer.Ordinal))
        {
            writer.WriteString("storageVersionHash", StorageHash(kind));
        }

        writer.WriteEndObject();
    }

    private static void WriteSubresource(Utf8JsonWriter writer, KindDefinition kind, SubresourceDefinition subresource)
    {
        writer.WriteStartObject();
        writer.WriteString("name", $"{kind.Plural}/{subresource.Name}");
        writer.WriteString("singularName", "");
        writer.WriteBoolean("namespaced", kind.IsNamespaced);
        if (subresource.Group != kind.Group || subresource.Version != kind.Version)
        {
            writer.WriteString("group", subresource.Group);
            writer.WriteString("version", subresource.Version);
        }

        writer.WriteString("kind", subresource.Kind);
        JsonBytes.WriteList(writer, "verbs", subresource.Verbs);
        writer.WriteEndObject();
    }

    // The first eight bytes of the hash of the kind under which objects are kept, so that clients see when that changes.
    private static string StorageHash(KindDefinition kind)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{kind.StorageGroup}/{kind.StorageVersion}/{kind.Kind}"));
        return Convert.ToBase64String(hash, 0, 8);
    }
}
