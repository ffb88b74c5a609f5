using MiniPlane.Objects.Errors;

namespace MiniPlane.Controllers.Runtime;

/// <summary>Which refusals a user should hear of.</summary>
internal static class ApiFailures
{
    extension(ApiException exception)
    {
        /// <summary>Not a race lost, and not a namespace that is going: those settle themselves.</summary>
        public bool IsWorthTelling =>
            exception.Code is not (404 or 409) && exception.Causes.All(cause => cause.Reason != "NamespaceTerminating");
    }
}
