using MiniPlane.Operations;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MiniPlane.Connection;

/// <summary>
/// Puts a cluster, its user and a context into a kubeconfig that holds others. What has other names stays as it is; what has these
/// names is replaced, so that doing it again changes nothing. A file that is no kubeconfig is refused, not overwritten.
/// </summary>
internal static class KubeconfigMerge
{
    private static readonly string[] Lists = ["clusters", "users", "contexts"];

    public static void Into(string target, string source, string name, bool setsCurrent)
    {
        YamlMappingNode merged = Merge(File.Exists(target) ? File.ReadAllText(target) : "", target, Parse(source, "the cluster's kubeconfig"), name, setsCurrent);

        // A link stays a link: its target is replaced.
        string real = (File.Exists(target) ? File.ResolveLinkTarget(target, returnFinalTarget: true)?.FullName : null) ?? Path.GetFullPath(target);
        Directory.CreateDirectory(Path.GetDirectoryName(real) ?? "/", PrivateFile.Mode | UnixFileMode.UserExecute);
        PrivateFile.Write(real, Format(merged));
    }

    private static YamlMappingNode Merge(string text, string target, YamlMappingNode source, string name, bool setsCurrent)
    {
        YamlMappingNode root = text.Trim().Length == 0 ? Empty() : Parse(text, target);
        if (root.Children.TryGetValue("kind", out YamlNode? kind) && (kind as YamlScalarNode)?.Value != "Config")
        {
            throw new CommandFailure($"{target} is no kubeconfig (kind {kind}); it was left as it is, name another with --into");
        }

        foreach (string list in Lists)
        {
            YamlSequenceNode entries = EntriesOf(root, list, target);
            var entry = (YamlMappingNode)((YamlSequenceNode)source[list])[0];
            entry.Children["name"] = name;
            if (list == "contexts")
            {
                var context = (YamlMappingNode)entry["context"];
                context.Children["cluster"] = name;
                context.Children["user"] = name;
                KeepNamespace(entries, name, context);
            }

            Replace(entries, name, entry);
        }

        bool hasCurrent = root.Children.TryGetValue("current-context", out YamlNode? current) && current is YamlScalarNode { Value: { Length: > 0 } };
        if (setsCurrent || !hasCurrent)
        {
            root.Children["current-context"] = name;
        }

        return root;
    }

    private static void Replace(YamlSequenceNode entries, string name, YamlMappingNode entry)
    {
        int at = entries.Children.ToList().FindIndex(node => IsNamed(node, name));
        if (at < 0)
        {
            entries.Add(entry);
        }
        else
        {
            entries.Children[at] = entry;
        }
    }

    // `kubectl config set-context --namespace` is the user's own choice, which a new certificate need not undo.
    private static void KeepNamespace(YamlSequenceNode contexts, string name, YamlMappingNode context)
    {
        if (contexts.Children.FirstOrDefault(node => IsNamed(node, name)) is YamlMappingNode before
            && before.Children.TryGetValue("context", out YamlNode? old) && old is YamlMappingNode map
            && map.Children.TryGetValue("namespace", out YamlNode? ns))
        {
            context.Children["namespace"] = ns;
        }
    }

    private static bool IsNamed(YamlNode node, string name) =>
        node is YamlMappingNode map && map.Children.TryGetValue("name", out YamlNode? found) && (found as YamlScalarNode)?.Value == name;

    private static YamlSequenceNode EntriesOf(YamlMappingNode root, string list, string target)
    {
        if (root.Children.TryGetValue(list, out YamlNode? node) && node is not YamlScalarNode { Value: null or "" or "null" or "~" })
        {
            return node as YamlSequenceNode ?? throw new CommandFailure($"{target}: {list} must be a list; it was left as it is");
        }

        var made = new YamlSequenceNode();
        root.Children[list] = made;
        return made;
    }

    private static YamlMappingNode Empty() => new(
        new KeyValuePair<YamlNode, YamlNode>("apiVersion", "v1"), new KeyValuePair<YamlNode, YamlNode>("kind", "Config"));

    private static YamlMappingNode Parse(string text, string name)
    {
        try
        {
            var stream = new YamlStream();
            using var reader = new StringReader(text);
            stream.Load(reader);
            return stream.Documents.Count > 0 && stream.Documents[0].RootNode is YamlMappingNode map
                ? map
                : throw new CommandFailure($"{name} is no kubeconfig; it was left as it is, name another with --into");
        }
        catch (YamlException exception)
        {
            throw new CommandFailure($"{name} cannot be read (line {exception.Start.Line}: {exception.Message}); it was left as it is");
        }
    }

    private static string Format(YamlMappingNode root)
    {
        using var text = new StringWriter();
        new YamlStream(new YamlDocument(root)).Save(text, assignAnchors: false);

        // YamlDotNet ends a document with "...", which kubectl's reader takes for the start of another.
        string written = text.ToString();
        int end = written.LastIndexOf("...", StringComparison.Ordinal);
        return end >= 0 && written[end..].Trim() == "..." ? written[..end] : written;
    }
}
