using System.Globalization;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Protobuf;

namespace MiniPlane.ApiServer.Bodies;

/// <summary>
/// Chooses the answer's form from an Accept header with any number of alternatives, as
/// k8s.io/apiserver/pkg/endpoints/handlers/negotiation does: the best alternative that the server can write.
/// </summary>
internal static class AcceptHeader
{
    /// <summary>The form of an error: as the client likes it when that is plain, else JSON, for the error must arrive.</summary>
    public static AnswerFormat NegotiateStatus(string? accept)
    {
        foreach (string clause in string.IsNullOrWhiteSpace(accept) ? [] : ByPreference(accept))
        {
            if (Read(clause) is { Shape: AnswerShape.Whole } format)
            {
                return format;
            }
        }

        return AnswerFormat.Json;
    }

    /// <param name="accept">The header.</param>
    /// <param name="isStored">False for what is only asked (reviews): it has no form but its own.</param>
    public static AnswerFormat Negotiate(string? accept, bool isStored = true)
    {
        if (string.IsNullOrWhiteSpace(accept) || accept is "application/json" or "*/*")
        {
            return AnswerFormat.Json;
        }

        foreach (string clause in ByPreference(accept))
        {
            if (Read(clause) is { } format && (isStored || format.Shape == AnswerShape.Whole))
            {
                return format;
            }
        }

        throw ApiErrors.NotAcceptable(
            "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf");
    }

    private static IEnumerable<string> ByPreference(string accept) => accept
        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .OrderByDescending(Quality);

    private static double Quality(string clause)
    {
        foreach (string parameter in clause.Split(';', StringSplitOptions.TrimEntries))
        {
            if (parameter.StartsWith("q=", StringComparison.Ordinal)
                && double.TryParse(parameter.AsSpan(2), CultureInfo.InvariantCulture, out double quality))
            {
                return quality;
            }
        }

        return 1;
    }

    private static AnswerFormat? Read(string clause)
    {
        string[] parts = clause.Split(';', StringSplitOptions.TrimEntries);
        AnswerEncoding? encoding = parts[0].ToLowerInvariant() switch
        {
            "application/json" or "application/*" or "*/*" => AnswerEncoding.Json,
            "application/yaml" => AnswerEncoding.Yaml,
            ProtobufDecoder.MediaType => AnswerEncoding.Protobuf,
            _ => null,
        };
        if (encoding is not { } form)
        {
            return null;
        }

        string shape = "";
        string group = "";
        string version = "";
        foreach (string parameter in parts.AsSpan(1))
        {
            int equals = parameter.IndexOf('=', StringComparison.Ordinal);
            string value = equals < 0 ? "" : parameter[(equals + 1)..];
            switch (equals < 0 ? parameter : parameter[..equals])
            {
                case "as": shape = value; break;
                case "g": group = value; break;
                case "v": version = value; break;
                default: break;
            }
        }

        bool isMeta = group == "meta.k8s.io" && version is "v1" or "v1beta1";
        return shape switch
        {
            "" => new AnswerFormat(AnswerShape.Whole, form),

            // Cells are of any type, which protobuf cannot tell.
            "Table" when isMeta && form != AnswerEncoding.Protobuf => new AnswerFormat(AnswerShape.Table, form) { IsBeta = version == "v1beta1" },
            "PartialObjectMetadata" or "PartialObjectMetadataList" when isMeta => new AnswerFormat(AnswerShape.Metadata, form) { IsBeta = version == "v1beta1" },
            _ => null,
        };
    }
}
