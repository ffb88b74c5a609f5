using System.Globalization;

namespace MiniPlane.Objects.Catalogue;

/// <summary>
/// Reads <c>.kind</c> files. A file holds blocks; a block starts at the line's beginning (<c>kind</c>, <c>type</c> or
/// <c>groups</c>) and goes on in lines indented by two spaces. Fields of a type are left unread until someone asks for them.
/// </summary>
internal sealed class KindFileReader
{
    private static readonly string[] AllVerbs =
        ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    private readonly Dictionary<string, TypeDefinition> _types = NewScalars();

    /// <summary>Types by name, scalars included.</summary>
    public IReadOnlyDictionary<string, TypeDefinition> Types => _types;

    /// <summary>Kinds, in the order in which they were read.</summary>
    public List<KindDefinition> Kinds { get; } = [];

    /// <summary>API versions in discovery order.</summary>
    public List<string> Groups { get; } = [];

    /// <summary>Reads one file; types may be used before the file that has them is read, kinds' own types may not.</summary>
    public void Read(string text)
    {
        var kinds = new List<(int Start, int End)>();
        int start = 0;
        while (start < text.Length)
        {
            int end = EndOfBlock(text, start);
            ReadOnlySpan<char> block = text.AsSpan(start, end - start);
            if (block.StartsWith("type ", StringComparison.Ordinal))
            {
                AddType(text, start, end);
            }
            else if (block.StartsWith("kind ", StringComparison.Ordinal))
            {
                kinds.Add((start, end));
            }
            else if (block.StartsWith("groups ", StringComparison.Ordinal))
            {
                AddGroups(block);
            }

            start = end;
        }

        foreach ((int from, int to) in kinds)
        {
            Kinds.Add(ReadKind(text.AsSpan(from, to - from)));
        }
    }

    private static Dictionary<string, TypeDefinition> NewScalars() => new(StringComparer.Ordinal)
    {
        ["string"] = new TypeDefinition("string", TypeForm.String, "Text."),
        ["boolean"] = new TypeDefinition("boolean", TypeForm.Boolean, "True or false."),
        ["int32"] = new TypeDefinition("int32", TypeForm.Int32, "A number of 32 bits."),
        ["int64"] = new TypeDefinition("int64", TypeForm.Int64, "A number of 64 bits."),
        ["double"] = new TypeDefinition("double", TypeForm.Double, "A floating-point number."),
        ["byte"] = new TypeDefinition("byte", TypeForm.Bytes, "Bytes as base64 text."),
    };

    private static int EndOfBlock(string text, int start)
    {
        int at = start;
        do
        {
            int newline = text.IndexOf('\n', at);
            at = newline < 0 ? text.Length : newline + 1;
        }
        while (at < text.Length && text[at] is ' ' or '\n');
        return at;
    }

    private void AddType(string text, int start, int end)
    {
        int headerEnd = text.IndexOf('\n', start, end - start);
        var header = KindFileLine.Parse(text.AsSpan(start, headerEnd - start));
        string name = header.Words[1];
        TypeForm form = ReadForm(header.Option("form="));
        int bodyStart = headerEnd + 1;
        _types[name] = new TypeDefinition(
            name, form, header.Description, () => ReadFields(text.AsSpan(bodyStart, end - bodyStart)))
        {
            MapType = header.Option("map="),
            PreservesUnknownFields = form == TypeForm.Any,
        };
    }

    private static TypeForm ReadForm(string? form) => form switch
    {
        null => TypeForm.Object,
        "Any" => TypeForm.Any,
        "Time" => TypeForm.Time,
        "MicroTime" => TypeForm.MicroTime,
        "Quantity" => TypeForm.Quantity,
        "IntOrString" => TypeForm.IntOrString,
        _ => throw new InvalidDataException($"A .kind file has a type of the unknown form {form}."),
    };

    private List<FieldDefinition> ReadFields(ReadOnlySpan<char> body)
    {
        var fields = new List<FieldDefinition>();
        foreach (ReadOnlySpan<char> line in body.EnumerateLines())
        {
            if (line.Length > 0)
            {
                fields.Add(FieldLineReader.Read(line, name => _types[name]));
            }
        }

        return fields;
    }

    private void AddGroups(ReadOnlySpan<char> block)
    {
        bool isHeader = true;
        foreach (ReadOnlySpan<char> line in block.EnumerateLines())
        {
            if (!isHeader && line.Length > 0)
            {
                Groups.Add(line.Trim().ToString());
            }

            isHeader = false;
        }
    }

    private KindDefinition ReadKind(ReadOnlySpan<char> block)
    {
        var values = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var subresources = new List<SubresourceDefinition>();
        var columns = new List<ColumnDefinition>();
        foreach (ReadOnlySpan<char> text in block.EnumerateLines())
        {
            var line = KindFileLine.Parse(text);
            switch (line.Words.Count > 0 ? line.Words[0] : "")
            {
                case "": break;
                case "sub": subresources.Add(ReadSubresource(line.Words)); break;
                case "column": columns.Add(ReadColumn(line)); break;
                default: values.Add(line.Words[0], line.Words[1..]); break;
            }
        }

        (string group, string version) = SplitApiVersion(values["api"][0]);
        (string storedGroup, string storedVersion) =
            values.TryGetValue("stored", out List<string>? stored) ? SplitApiVersion(stored[0]) : (group, version);
        List<string> names = values["names"];
        return new KindDefinition
        {
            Group = group,
            Version = version,
            Kind = values["kind"][0],
            Type = _types[values["type"][0]],
            Plural = names[0],
            Singular = names[1],
            ShortNames = names[2..],
            IsNamespaced = values["scope"][0] == "Namespaced",
            Categories = values.GetValueOrDefault("categories") ?? [],
            Verbs = values["verbs"][0] == "*" ? AllVerbs : values["verbs"],
            Subresources = subresources,
            Columns = columns,
            StorageGroup = storedGroup,
            StorageVersion = storedVersion,
        };
    }

    private static SubresourceDefinition ReadSubresource(List<string> words)
    {
        (string group, string version) = SplitApiVersion(words[3]);
        return new SubresourceDefinition(words[1], words[2], group, version, words[4..]);
    }

    private static ColumnDefinition ReadColumn(KindFileLine line)
    {
        List<string> words = line.Words;
        int priority = int.Parse(words[4], CultureInfo.InvariantCulture);
        string format = words[3] == "-" ? "" : words[3];
        return new ColumnDefinition(
            words[1].Trim('"'), words[2], format, priority, line.Description, line.Option("path="));
    }

    private static (string Group, string Version) SplitApiVersion(string apiVersion)
    {
        int slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? ("", apiVersion) : (apiVersion[..slash], apiVersion[(slash + 1)..]);
    }
}
