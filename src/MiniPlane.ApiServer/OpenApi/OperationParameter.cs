namespace MiniPlane.ApiServer.OpenApi;

/// <summary>A parameter in the query of an operation.</summary>
internal sealed record OperationParameter(string Name, string Type, string Description)
{
    public static readonly OperationParameter Pretty = new("pretty", "string", "Indents the answer when it is \"true\".");
    public static readonly OperationParameter DryRun = new("dryRun", "string", "With \"All\" the request is checked and answered but nothing is kept.");
    public static readonly OperationParameter FieldManager = new("fieldManager", "string", "Who makes this change; recorded with the fields that it sets.");

    public static readonly OperationParameter FieldValidation = new(
        "fieldValidation", "string", "What to do about unknown and duplicate fields: Ignore, Warn or Strict.");

    public static readonly OperationParameter Force = new("force", "boolean", "An apply takes over fields that others manage.");

    /// <summary>What POST and PUT take.</summary>
    public static readonly OperationParameter[] Write = [DryRun, FieldManager, FieldValidation];

    /// <summary>What PATCH takes.</summary>
    public static readonly OperationParameter[] Patch = [DryRun, FieldManager, FieldValidation, Force];

    /// <summary>What reading a collection takes.</summary>
    public static readonly OperationParameter[] List =
    [
        new("allowWatchBookmarks", "boolean", "A watch may send bookmarks, which only tell how far it has come."),
        new("continue", "string", "Where to go on, as the answer before said."),
        new("fieldSelector", "string", "Only objects whose fields match."),
        new("labelSelector", "string", "Narrows the list of returned objects to those whose labels match."),
        new("limit", "integer", "At most so many objects in one answer."),
        new("resourceVersion", "string", "How new the answer must be, or where a watch begins."),
        new("resourceVersionMatch", "string", "How resourceVersion is meant for a list: Exact or NotOlderThan."),
        new("sendInitialEvents", "boolean", "A watch begins with all objects there are."),
        new("timeoutSeconds", "integer", "The answer ends after so many seconds."),
        new("watch", "boolean", "Watch for changes to the described resources instead of listing them."),
    ];

    /// <summary>What DELETE takes.</summary>
    public static readonly OperationParameter[] Delete =
    [
        DryRun,
        new("gracePeriodSeconds", "integer", "How long the object may take to go."),
        new("orphanDependents", "boolean", "Leaves what the object owns; propagationPolicy says it better."),
        new("propagationPolicy", "string", "What happens to what the object owns: Orphan, Background or Foreground."),
    ];
}
