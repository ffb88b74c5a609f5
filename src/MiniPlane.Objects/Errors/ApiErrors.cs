using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Errors;

/// <summary>
/// The one place where API errors are made, with the codes, reasons and wording of kube-apiserver
/// (k8s.io/apimachinery/pkg/api/errors).
/// </summary>
public static class ApiErrors
{
    public static ApiException NotFound(KindDefinition kind, string name) => NotFound(kind.Group, kind.Plural, name);

    public static ApiException NotFound(string group, string plural, string name) =>
        new(404, "NotFound", $"{Qualified(group, plural)} \"{name}\" not found")
        {
            Group = group,
            Kind = plural,
            Name = name,
        };

    public static ApiException AlreadyExists(KindDefinition kind, string name) =>
        new(409, "AlreadyExists", $"{Qualified(kind.Group, kind.Plural)} \"{name}\" already exists")
        {
            Group = kind.Group,
            Kind = kind.Plural,
            Name = name,
        };

    /// <summary>No free name was found for a generateName; the client may try again (errors.NewGenerateNameConflict).</summary>
    public static ApiException NoGeneratedName(KindDefinition kind, string prefix) =>
        new(409, "AlreadyExists", $"{Qualified(kind.Group, kind.Plural)} \"{prefix}\" already exists, the server was not able to generate a unique name for the object")
        {
            Group = kind.Group,
            Kind = kind.Plural,
            Name = prefix,
            RetryAfterSeconds = 1,
        };

    public static ApiException Conflict(KindDefinition kind, string name, string message) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {Qualified(kind.Group, kind.Plural)} \"{name}\": {message}")
        {
            Group = kind.Group,
            Kind = kind.Plural,
            Name = name,
        };

    /// <summary>The optimistic-lock failure that clients retry on.</summary>
    public static ApiException ModifiedConflict(KindDefinition kind, string name) => Conflict(
        kind, name, "the object has been modified; please apply your changes to the latest version and try again");

    /// <summary>422 with every cause; <paramref name="kind"/> gives details.kind as upstream does for Invalid.</summary>
    public static ApiException Invalid(KindDefinition kind, string name, IReadOnlyList<StatusCause> causes)
    {
        return new ApiException(422, "Invalid", $"{QualifiedKind(kind)} \"{name}\" is invalid: {Join(causes)}")
        {
            Group = kind.Group,
            Kind = kind.Kind,
            Name = name,
            Causes = causes,
        };
    }

    public static ApiException BadRequest(string message) => new(400, "BadRequest", message);

    /// <summary>422 without a reason that helps, as upstream answers to a patch that cannot be carried out.</summary>
    public static ApiException RejectedByServer() =>
        new(422, "Invalid", "the server rejected our request due to an error in our request") { HasDetails = true };

    public static ApiException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static ApiException Forbidden(string group, string plural, string name, string message) =>
        new(403, "Forbidden", $"{Qualified(group, plural)}{(name.Length > 0 ? $" \"{name}\"" : "")} is forbidden: {message}")
        {
            Group = group,
            Kind = plural,
            Name = name,
        };

    /// <summary>Nothing new comes into a namespace that goes away; controllers know this by the cause.</summary>
    public static ApiException NamespaceTerminating(KindDefinition kind, string name, string ns)
    {
        ApiException error = Forbidden(
            kind.Group, kind.Plural, name, $"unable to create new content in namespace {ns} because it is being terminated");
        return new ApiException(error.Code, error.Reason, error.Message)
        {
            Group = error.Group,
            Kind = error.Kind,
            Name = error.Name,
            Causes = [new StatusCause("NamespaceTerminating", $"namespace {ns} is being terminated", "metadata.namespace")],
        };
    }

    /// <summary>Refused access to a path that is no resource.</summary>
    public static ApiException ForbiddenPath(string message) =>
        new(403, "Forbidden", $"forbidden: {message}") { HasDetails = true };

    public static ApiException MethodNotAllowed(string verb, string group, string plural) =>
        new(405, "MethodNotAllowed", $"{verb} is not supported on resources of kind \"{Qualified(group, plural)}\"")
        {
            Group = group,
            Kind = plural,
        };

    public static ApiException NotAcceptable(string message) => new(406, "NotAcceptable", message) { HasDetails = true };

    /// <summary>The kind has no protobuf form, as no custom kind has.</summary>
    public static ApiException NotMarshalable() => new(
        406,
        "NotAcceptable",
        "object *unstructured.Unstructured does not implement the protobuf marshalling interface and cannot be encoded to a protobuf message");

    public static ApiException UnsupportedMediaType(string message) => new(415, "UnsupportedMediaType", message);

    /// <summary>The requested revision is gone; the client must list again.</summary>
    public static ApiException Expired(string message) => new(410, "Expired", message);

    /// <summary>A page of a list that is too old; the token leads to the rest as it is now.</summary>
    public static ApiException ListExpired(string message, string inconsistentContinue) =>
        new(410, "Expired", message) { Continue = inconsistentContinue };

    public static ApiException TooLarge(string message) => new(413, "RequestEntityTooLarge", message);

    /// <summary>An eviction that would leave too few pods; the cause names the budget.</summary>
    public static ApiException DisruptionRefused(string cause, int retryAfterSeconds) =>
        new(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.")
        {
            Causes = [new StatusCause("DisruptionBudget", cause, "")],
            RetryAfterSeconds = retryAfterSeconds,
        };

    public static ApiException TooManyRequests(string message, int retryAfterSeconds) =>
        new(429, "TooManyRequests", message) { RetryAfterSeconds = retryAfterSeconds };

    public static ApiException Timeout(string message) => new(504, "Timeout", message);

    public static ApiException ServiceUnavailable(string message) => new(503, "ServiceUnavailable", message);

    public static ApiException InsufficientStorage(string message) => new(507, "InsufficientStorage", message);

    public static ApiException Internal(string message) =>
        new(500, "InternalError", $"Internal error occurred: {message}");

    /// <summary>No such route in a known group and version: the answer has empty details, as the generic 404 of upstream.</summary>
    public static ApiException NoSuchResource() =>
        new(404, "NotFound", "the server could not find the requested resource") { HasDetails = true };

    /// <summary>The route exists but not with this HTTP method.</summary>
    public static ApiException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource") { HasDetails = true };

    /// <summary>The client wants a revision that the store has not reached.</summary>
    public static ApiException ResourceVersionTooLarge(long wanted, long current) =>
        new(504, "Timeout", $"Timeout: Too large resource version: {wanted}, current: {current}")
        {
            Causes = [new StatusCause("ResourceVersionTooLarge", "Too large resource version", "")],
            RetryAfterSeconds = 1,
        };

    /// <summary>422 about the request's own options rather than an object (<c>CreateOptions</c>, <c>ListOptions</c>, …).</summary>
    public static ApiException InvalidOptions(string optionsKind, FieldErrors errors) =>
        new(422, "Invalid", $"{optionsKind}.meta.k8s.io \"\" is invalid: {Join(errors.Causes)}")
        {
            Group = "meta.k8s.io",
            Kind = optionsKind,
            Causes = errors.Causes,
        };

    /// <summary>422 about a review, which has no name (<c>authorization.k8s.io</c>).</summary>
    public static ApiException InvalidReview(string kind, FieldErrors errors) =>
        new(422, "Invalid", $"{kind}.authorization.k8s.io \"\" is invalid: {Join(errors.Causes)}")
        {
            Group = "authorization.k8s.io",
            Kind = kind,
            Causes = errors.Causes,
        };

    /// <summary>422 about a patch, which belongs to no kind and has no name.</summary>
    public static ApiException InvalidPatch(FieldErrors errors) =>
        new(422, "Invalid", $" \"\" is invalid: {Join(errors.Causes)}") { HasDetails = true, Causes = errors.Causes };

    /// <summary>A part of the API that this server does not have.</summary>
    public static ApiException NotServed(string message) => new(501, "NotImplemented", message);

    /// <summary>An error that upstream does not classify: 500 without a reason.</summary>
    public static ApiException Unknown(string message) => new(500, "", message);

    /// <summary>The same error in other words.</summary>
    public static ApiException WithMessage(ApiException error, string message) => new(error.Code, error.Reason, message)
    {
        Group = error.Group,
        Kind = error.Kind,
        Name = error.Name,
        Uid = error.Uid,
        Causes = error.Causes,
        HasDetails = error.HasDetails,
        RetryAfterSeconds = error.RetryAfterSeconds,
    };

    private static string Join(IReadOnlyList<StatusCause> causes)
    {
        string[] texts = [.. causes.Select(cause => $"{cause.Field}: {cause.Message}").Distinct(StringComparer.Ordinal)];
        return texts.Length == 1 ? texts[0] : $"[{string.Join(", ", texts)}]";
    }

    private static string Qualified(string group, string plural) => group.Length == 0 ? plural : $"{plural}.{group}";

    private static string QualifiedKind(KindDefinition kind) =>
        kind.Group.Length == 0 ? kind.Kind : $"{kind.Kind}.{kind.Group}";
}
