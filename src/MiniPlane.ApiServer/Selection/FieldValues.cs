using System.Text.Json;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Selection;

/// <summary>Reads the few fields that selectors may name straight from an object's bytes.</summary>
internal static class FieldValues
{
    /// <summary>The field as selectors compare it: a string; empty when it is absent.</summary>
    public static string Read(ObjectDocument document, string path) => path switch
    {
        "metadata.name" => document.Metadata.Name,
        "metadata.namespace" => document.Metadata.Namespace,
        "source" => ReadSource(document),
        "spec.unschedulable" or "spec.hostNetwork" => OrElse(ReadPath(document.Utf8.Span, path), "false"),
        "status.successful" => OrElse(ReadPath(document.Utf8.Span, "status.succeeded"), "0"),
        "status.replicas" => OrElse(ReadPath(document.Utf8.Span, path), "0"),
        _ => ReadPath(document.Utf8.Span, path),
    };

    private static string ReadSource(ObjectDocument document)
    {
        string component = ReadPath(document.Utf8.Span, "source.component");
        return component.Length > 0 ? component : ReadPath(document.Utf8.Span, "reportingComponent");
    }

    private static string OrElse(string value, string absent) => value.Length > 0 ? value : absent;

    private static string ReadPath(ReadOnlySpan<byte> utf8, string path)
    {
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        ReadOnlySpan<char> rest = path;
        while (true)
        {
            int dot = rest.IndexOf('.');
            ReadOnlySpan<char> name = dot < 0 ? rest : rest[..dot];
            if (!MoveTo(ref reader, name))
            {
                return "";
            }

            if (dot < 0)
            {
                return Text(ref reader);
            }

            rest = rest[(dot + 1)..];
        }
    }

    /// <summary>From a StartObject to the value of one of its properties.</summary>
    private static bool MoveTo(ref Utf8JsonReader reader, ReadOnlySpan<char> name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isFound = reader.ValueTextEquals(name);
            reader.Read();
            if (isFound)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private static string Text(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString() ?? "",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
        _ => "",
    };
}
