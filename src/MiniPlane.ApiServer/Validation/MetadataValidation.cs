using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Rules of metadata (k8s.io/apimachinery/pkg/api/validation/objectmeta.go).</summary>
internal static class MetadataValidation
{
    private const int AnnotationsSizeLimit = 256 * 1024;
    private const string Field = "metadata";

    private static readonly string[] CoreFinalizers = ["kubernetes", "orphan", "foregroundDeletion"];

    public static void Validate(KindDefinition kind, JsonObject obj, FieldErrors errors)
    {
        JsonObject metadata = obj.Object(Field) ?? [];
        Names(kind, metadata, errors);
        ValidateForm(kind, metadata, errors);
    }

    /// <summary>What holds for new and for changed objects alike.</summary>
    public static void ValidateForm(KindDefinition kind, JsonObject metadata, FieldErrors errors)
    {
        Labels(metadata["labels"], $"{Field}.labels", errors);
        Annotations(metadata["annotations"], $"{Field}.annotations", errors);
        OwnerReferences(metadata, errors);
        Finalizers(metadata, !kind.IsCustom() && !kind.IsCustomResourceDefinition(), errors);
    }

    /// <summary>A map of labels, wherever it stands.</summary>
    public static void Labels(JsonNode? labels, FieldPath field, FieldErrors errors)
    {
        foreach ((string key, string value) in Sorted(labels))
        {
            if (Formats.QualifiedName(key) is { } wrongKey)
            {
                errors.Invalid(field, key, wrongKey);
            }

            if (Formats.LabelValue(value) is { } wrongValue)
            {
                errors.Invalid(field, value, wrongValue);
            }
        }
    }

    public static void Annotations(JsonNode? annotations, FieldPath field, FieldErrors errors)
    {
        long size = 0;
        foreach ((string key, string value) in Sorted(annotations))
        {
            if (Formats.QualifiedName(key.ToLowerInvariant()) is { } wrong)
            {
                errors.Invalid(field, key, wrong);
            }

            size += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value);
        }

        if (size > AnnotationsSizeLimit)
        {
            errors.TooLong(field, AnnotationsSizeLimit);
        }
    }

    private static KeyValuePair<string, string>[] Sorted(JsonNode? texts)
    {
        if (texts is not JsonObject { Count: > 0 } map)
        {
            return [];
        }

        var sorted = new KeyValuePair<string, string>[map.Count];
        int count = 0;
        foreach ((string key, JsonNode? value) in map)
        {
            sorted[count++] = new KeyValuePair<string, string>(key, value.TextOrEmpty());
        }

        sorted.AsSpan().Sort(static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        return sorted;
    }

    private static void Names(KindDefinition kind, JsonObject metadata, FieldErrors errors)
    {
        Func<string, string?> format = NameFormats.For(kind);
        string name = metadata.TextOrEmpty("name");
        string prefix = metadata.TextOrEmpty("generateName");
        if (prefix.Length > 0 && format(prefix.EndsWith('-') ? prefix[..^1] + "a" : prefix) is { } wrongPrefix)
        {
            errors.Invalid($"{Field}.generateName", prefix, wrongPrefix);
        }

        if (name.Length == 0)
        {
            errors.Required($"{Field}.name", "name or generateName is required");
        }
        else if (format(name) is { } wrong)
        {
            errors.Invalid($"{Field}.name", name, wrong);
        }

        string ns = metadata.TextOrEmpty("namespace");
        if (kind.IsNamespaced)
        {
            if (ns.Length == 0)
            {
                errors.Required($"{Field}.namespace");
            }
            else if (Formats.DnsLabel(ns) is { } wrong)
            {
                errors.Invalid($"{Field}.namespace", ns, wrong);
            }
        }
        else if (ns.Length > 0)
        {
            errors.Forbidden($"{Field}.namespace", "not allowed on this type");
        }
    }

    private static void OwnerReferences(JsonObject metadata, FieldErrors errors)
    {
        bool hasController = false;
        int index = 0;
        foreach (JsonObject owner in metadata.Objects("ownerReferences"))
        {
            FieldPath field = $"{Field}.ownerReferences[{index++}]";
            string apiVersion = owner.TextOrEmpty("apiVersion");
            if (apiVersion.Length == 0)
            {
                errors.Invalid($"{field}.apiVersion", apiVersion, "version must not be empty");
            }

            foreach (string name in (ReadOnlySpan<string>)["kind", "name", "uid"])
            {
                if (owner.TextOrEmpty(name).Length == 0)
                {
                    errors.Invalid($"{field}.{name}", owner.TextOrEmpty(name), "must not be empty");
                }
            }

            if (apiVersion == "v1" && owner.Text("kind") == "Event")
            {
                errors.Invalid(field, owner, "/v1, Kind=Event is disallowed from being an owner");
            }

            if (owner.Flag("controller") == true)
            {
                if (hasController)
                {
                    errors.Invalid(
                        $"{Field}.ownerReferences",
                        metadata["ownerReferences"],
                        "Only one reference can have Controller set to true. Found \"true\" in references for "
                        + $"{metadata.Objects("ownerReferences").First(other => other.Flag("controller") == true).TextOrEmpty("name")} and {owner.TextOrEmpty("name")}");
                }

                hasController = true;
            }
        }
    }

    private static void Finalizers(JsonObject metadata, bool isCore, FieldErrors errors)
    {
        FieldPath field = $"{Field}.finalizers";
        bool orphans = false;
        bool waits = false;
        foreach (string finalizer in metadata.Texts("finalizers"))
        {
            if (Formats.QualifiedName(finalizer) is { } wrong)
            {
                errors.Invalid(field, finalizer, wrong);
            }
            else if (isCore && !finalizer.Contains('/', StringComparison.Ordinal) && !CoreFinalizers.Contains(finalizer, StringComparer.Ordinal))
            {
                errors.Invalid(
                    field, finalizer, "name is neither a standard finalizer name nor is it fully qualified");
            }

            orphans |= finalizer == "orphan";
            waits |= finalizer == "foregroundDeletion";
        }

        if (orphans && waits)
        {
            errors.Invalid(
                field, metadata["finalizers"], "finalizer orphan and foregroundDeletion cannot be both set");
        }
    }
}
