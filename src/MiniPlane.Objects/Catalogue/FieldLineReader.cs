using System.Globalization;

namespace MiniPlane.Objects.Catalogue;

/// <summary>
/// Reads one field of a <c>.kind</c> file:
/// <c>name type [#proto] [required] [pointer] [kept] [list=map(key,…)] [map=…] [patch=…] [key=…] [enum=A|B] [default=JSON] : description</c>,
/// where the type is <c>T</c>, <c>[T]</c>, <c>{T}</c> or <c>{[T]}</c>, and the number of a field inside an embedded message is
/// <c>#outer.inner</c>. <c>pointer</c> says that a zero differs from absence, <c>kept</c> that a zero is written out,
/// and of a list or map that an empty one differs from absence.
/// </summary>
internal static class FieldLineReader
{
    public static FieldDefinition Read(ReadOnlySpan<char> text, Func<string, TypeDefinition> findType)
    {
        var line = KindFileLine.Parse(text);
        (FieldShape shape, string element) = ReadShape(line.Words[1]);
        (string? listType, string[] keys) = ReadListType(line.Option("list="));
        int[] proto = [.. (line.Option("#") ?? "0").Split('.').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        return new FieldDefinition
        {
            Name = line.Words[0],
            Type = findType(element),
            Shape = shape,
            IsRequired = line.Words.IndexOf("required", 2) >= 0,
            OmitsZero = shape == FieldShape.Single && !line.Words.Skip(2).Any(word => word is "required" or "pointer" or "kept"),
            KeepsEmpty = shape != FieldShape.Single && line.Words.IndexOf("kept", 2) >= 0,
            Default = line.Option("default="),
            Enum = line.Option("enum=")?.Trim('"').Split('|') ?? [],
            ListType = listType,
            ListMapKeys = keys,
            MapType = line.Option("map="),
            PatchStrategy = line.Option("patch="),
            PatchMergeKey = line.Option("key="),
            ProtoEmbedding = proto[..^1],
            ProtoNumber = proto[^1],
            Description = line.Description,
        };
    }

    private static (FieldShape Shape, string Element) ReadShape(string type) => type[0] switch
    {
        '[' => (FieldShape.List, type[1..^1]),
        '{' when type[1] == '[' => (FieldShape.MapOfLists, type[2..^2]),
        '{' => (FieldShape.Map, type[1..^1]),
        _ => (FieldShape.Single, type),
    };

    private static (string? Type, string[] Keys) ReadListType(string? option)
    {
        int open = option?.IndexOf('(', StringComparison.Ordinal) ?? -1;
        return option is null || open < 0 ? (option, []) : (option[..open], option[(open + 1)..^1].Split(','));
    }
}
