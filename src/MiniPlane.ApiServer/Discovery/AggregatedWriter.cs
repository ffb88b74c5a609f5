using System.Text.Json;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Discovery;

/// <summary>Writes apidiscovery.k8s.io APIGroupDiscoveryList: all resources of many groups in one answer.</summary>
internal static class AggregatedWriter
{
    public static void Write(Utf8JsonWriter writer, string version, IEnumerable<GroupView> groups)
    {
        writer.WriteString("kind", "APIGroupDiscoveryList");
        writer.WriteString("apiVersion", "apidiscovery.k8s.io/" + version);
        writer.WriteStartObject("metadata");
        writer.WriteEndObject();
        writer.WriteStartArray("items");
        foreach (GroupView group in groups)
        {
            WriteGroup(writer, group);
        }

        writer.WriteEndArray();
    }

    private static void WriteGroup(Utf8JsonWriter writer, GroupView group)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("metadata");
        if (group.Name.Length > 0)
        {
            writer.WriteString("name", group.Name);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("versions");
        foreach (VersionView version in group.Versions)
        {
            writer.WriteStartObject();
            writer.WriteString("version", version.Version);
            writer.WriteStartArray("resources");
            foreach (KindDefinition kind in version.Kinds)
            {
                WriteKind(writer, kind);
            }

            writer.WriteEndArray();
            writer.WriteString("freshness", "Current");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteKind(Utf8JsonWriter writer, KindDefinition kind)
    {
        writer.WriteStartObject();
        writer.WriteString("resource", kind.Plural);
        WriteResponseKind(writer, kind, kind.Group, kind.Version, kind.Kind);
        writer.WriteString("scope", kind.IsNamespaced ? "Namespaced" : "Cluster");
        writer.WriteString("singularResource", kind.Singular);
        JsonBytes.WriteList(writer, "verbs", kind.Verbs);
        JsonBytes.WriteList(writer, "shortNames", kind.ShortNames);
        JsonBytes.WriteList(writer, "categories", kind.Categories);
        if (kind.Subresources.Count > 0)
        {
            writer.WriteStartArray("subresources");
            foreach (SubresourceDefinition subresource in kind.Subresources)
            {
                writer.WriteStartObject();
                writer.WriteString("subresource", subresource.Name);
                WriteResponseKind(writer, kind, subresource.Group, subresource.Version, subresource.Kind);
                JsonBytes.WriteList(writer, "verbs", subresource.Verbs);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    // Upstream leaves group and version empty where they are those of the list, except for the core group.
    private static void WriteResponseKind(Utf8JsonWriter writer, KindDefinition parent, string group, string version, string kind)
    {
        bool isSame = group == parent.Group && version == parent.Version;
        bool isLeftOut = isSame && parent.Group.Length > 0;
        writer.WriteStartObject("responseKind");
        writer.WriteString("group", isLeftOut ? "" : group);
        writer.WriteString("version", isLeftOut ? "" : version);
        writer.WriteString("kind", kind);
        writer.WriteEndObject();
    }
}
