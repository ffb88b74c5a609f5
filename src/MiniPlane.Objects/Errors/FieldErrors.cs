using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Objects.Errors;

/// <summary>
/// Collects every wrong field of an object, so that the user sees all of them at once. Reasons and message shapes are those of
/// k8s.io/apimachinery/pkg/util/validation/field.
/// </summary>
public sealed class FieldErrors
{
    private readonly List<StatusCause> _causes = [];

    public IReadOnlyList<StatusCause> Causes => _causes;

    public bool IsEmpty => _causes.Count == 0;

    public void Required(string field, string detail = "") => Add("FieldValueRequired", Join("Required value", detail), field);

    public void Invalid(string field, object? value, string detail) =>
        Add("FieldValueInvalid", $"Invalid value: {Quote(value)}: {detail}", field);

    public void NotSupported(string field, string value, IEnumerable<string> supported) => Add(
        "FieldValueNotSupported",
        $"Unsupported value: \"{value}\": supported values: {string.Join(", ", supported.Order(StringComparer.Ordinal).Select(text => $"\"{text}\""))}",
        field);

    public void Duplicate(string field, object? value) => Add("FieldValueDuplicate", $"Duplicate value: {Quote(value)}", field);

    public void Forbidden(string field, string detail) => Add("FieldValueForbidden", Join("Forbidden", detail), field);

    public void TooLong(string field, int limit) =>
        Add("FieldValueTooLong", $"Too long: may not be more than {limit} bytes", field);

    public void TooMany(string field, int actual, int limit) =>
        Add("FieldValueTooMany", $"Too many: {actual}: must have at most {limit} items", field);

    public void TypeInvalid(string field, object? value, string detail) =>
        Add("FieldValueTypeInvalid", $"Invalid value: {Quote(value)}: {detail}", field);

    public void NotFound(string field, object? value) => Add("FieldValueNotFound", $"Not found: {Quote(value)}", field);

    public void Add(string reason, string message, string field) => _causes.Add(new StatusCause(reason, message, field));

    private static string Join(string head, string detail) => detail.Length == 0 ? head : $"{head}: {detail}";

    private static string Quote(object? value) => value switch
    {
        null => "null",
        JsonNode node => node.Compacted(),
        string text => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
