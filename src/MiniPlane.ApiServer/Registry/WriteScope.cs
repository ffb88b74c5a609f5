using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Identity;

namespace MiniPlane.ApiServer.Registry;

/// <summary>Everything about a write that is not the object: who, how, and where warnings go.</summary>
public sealed record WriteScope
{
    private static readonly JsonObject NoOptions = [];

    public required UserInfo User { get; init; }

    public bool DryRun { get; init; }

    /// <summary>The name under which server-side apply remembers the written fields.</summary>
    public string FieldManager { get; init; } = "";

    /// <summary>Server-side apply takes fields over from other managers.</summary>
    public bool Force { get; init; }

    public FieldValidation Validation { get; init; } = FieldValidation.Warn;

    /// <summary>Paths of fields that the body gave twice.</summary>
    public IReadOnlyList<string> DuplicateFields { get; init; } = [];

    /// <summary>The request's options object, as admission plug-ins and webhooks see it.</summary>
    public JsonObject Options { get; init; } = NoOptions;

    /// <summary>Texts for <c>Warning</c> headers.</summary>
    public IList<string> Warnings { get; init; } = [];

    /// <summary>Where admission leaves notes for the audit log, or null when nobody keeps one.</summary>
    public IDictionary<string, string>? AuditAnnotations { get; init; }

    /// <summary>A write of one of the server's own parts.</summary>
    public static WriteScope ForInternal() => new()
    {
        User = UserInfo.Internal,
        FieldManager = "miniplane",
        Validation = FieldValidation.Ignore,
    };
}
