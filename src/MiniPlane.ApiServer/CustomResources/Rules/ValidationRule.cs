using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.CustomResources.Rules;

/// <summary>One of a schema's <c>x-kubernetes-validations</c>, as written.</summary>
internal sealed record ValidationRule
{
    public required string Rule { get; init; }

    public string Message { get; init; } = "";

    public string MessageExpression { get; init; } = "";

    /// <summary><c>FieldValueInvalid</c>, <c>FieldValueForbidden</c>, <c>FieldValueRequired</c> or <c>FieldValueDuplicate</c>.</summary>
    public string Reason { get; init; } = "FieldValueInvalid";

    public string FieldPath { get; init; } = "";

    /// <summary><c>oldSelf</c> is an optional value, and the rule runs where there is no old value, too.</summary>
    public bool HasOptionalOldSelf { get; init; }

    public static ValidationRule Read(JsonObject json) => new()
    {
        Rule = json.TextOrEmpty("rule"),
        Message = json.TextOrEmpty("message"),
        MessageExpression = json.TextOrEmpty("messageExpression"),
        Reason = json.TextOrEmpty("reason") is { Length: > 0 } reason ? reason : "FieldValueInvalid",
        FieldPath = json.TextOrEmpty("fieldPath"),
        HasOptionalOldSelf = json.Flag("optionalOldSelf") == true,
    };
}
