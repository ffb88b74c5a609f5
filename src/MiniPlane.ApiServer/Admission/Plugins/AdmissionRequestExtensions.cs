using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>What most plug-ins ask of a request.</summary>
internal static class AdmissionRequestExtensions
{
    /// <summary>A new object of that kind, itself and not a subresource.</summary>
    public static bool Creates(this AdmissionRequest request, string group, string kind) =>
        request.Operation == AdmissionOperation.Create && request.IsObject(group, kind);

    /// <summary>A new or changed object of that kind, itself and not a subresource.</summary>
    public static bool Writes(this AdmissionRequest request, string group, string kind) =>
        request.Operation is AdmissionOperation.Create or AdmissionOperation.Update && request.IsObject(group, kind);

    /// <summary>403 with the plug-in's reason.</summary>
    public static ApiException Forbidden(this AdmissionRequest request, string message)
    {
        string name = request.Key.Name.Length > 0 ? request.Key.Name
            : request.Object.Text("metadata", "name") ?? request.Object.TextOrEmpty("metadata", "generateName");
        return ApiErrors.Forbidden(request.Kind.Group, request.Kind.Plural, name, message);
    }

    /// <summary>The object that is asked for; the caller has made sure that there is one.</summary>
    public static JsonObject Wanted(this AdmissionRequest request) => request.Object ?? [];

    private static bool IsObject(this AdmissionRequest request, string group, string kind) =>
        request.Subresource is null && request.Object is not null && request.Kind.Group == group && request.Kind.Kind == kind;
}
