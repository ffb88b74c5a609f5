using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.OpenApi;

/// <summary>The paths of one kind and what can be done there, from its verbs and subresources.</summary>
internal sealed class KindOperations
{
    private static readonly string[] PatchTypes =
    [
        "application/json-patch+json",
        "application/merge-patch+json",
        "application/strategic-merge-patch+json",
        "application/apply-patch+yaml",
        "application/apply-patch+cbor",
    ];

    // Without Go types there are no merge keys; kubectl apply asks here which patch it may send.
    private static readonly string[] CustomPatchTypes =
        [.. PatchTypes.Where(type => type != "application/strategic-merge-patch+json")];

    private readonly KindDefinition _kind;
    private readonly GroupVersionKind _self;
    private readonly string _type;
    private readonly string _listType;
    private readonly string _idStem;

    public KindOperations(KindDefinition kind)
    {
        _kind = kind;
        _self = new GroupVersionKind(kind.Group, kind.Version, kind.Kind);
        bool isBuiltIn = ComponentNames.IsBuiltIn(kind.Type);
        _type = isBuiltIn ? ComponentNames.Of(kind.Type) : ComponentNames.OfCustom(kind);
        _listType = isBuiltIn ? ComponentNames.Of(kind.Type) + "List" : ComponentNames.OfCustom(kind, "List");
        string group = kind.Group.Length == 0 ? "Core" : Capital(kind.Group.Split('.')[0]);
        _idStem = $"{group}{Capital(kind.Version)}{(kind.IsNamespaced ? "Namespaced" : "")}{kind.Kind}";
    }

    private string Root => _kind.Group.Length == 0 ? $"/api/{_kind.Version}" : $"/apis/{_kind.Group}/{_kind.Version}";

    private string CollectionPath => _kind.IsNamespaced ? $"{Root}/namespaces/{{namespace}}/{_kind.Plural}" : $"{Root}/{_kind.Plural}";

    /// <summary>All paths of the kind, the collection first.</summary>
    public IEnumerable<(string Path, IReadOnlyList<Operation> Operations)> All()
    {
        if (_kind.IsNamespaced && Has("list"))
        {
            yield return ($"{Root}/{_kind.Plural}", [List("ForAllNamespaces")]);
        }

        yield return (CollectionPath, [.. Collection()]);
        Operation[] items = [.. Item()];
        if (items.Length > 0)
        {
            yield return ($"{CollectionPath}/{{name}}", items);
        }

        foreach (SubresourceDefinition subresource in _kind.Subresources)
        {
            yield return ($"{CollectionPath}/{{name}}/{subresource.Name}", [.. Subresource(subresource)]);
        }
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private bool Has(string verb) => _kind.Verbs.Contains(verb, StringComparer.Ordinal);

    private Operation List(string suffix) => Make("get", "list", $"list{_idStem}{suffix}", $"Lists or watches {_kind.Plural}.", _self) with
    {
        Answer = _listType,
        Parameters = OperationParameter.List,
    };

    private IEnumerable<Operation> Collection()
    {
        if (Has("list"))
        {
            yield return List("");
        }

        if (Has("create"))
        {
            yield return Make("post", "post", $"create{_idStem}", $"Creates one of {_kind.Plural}.", _self) with
            {
                Body = _type,
                Answer = _type,
                Parameters = OperationParameter.Write,
            };
        }

        if (Has("deletecollection"))
        {
            yield return Make("delete", "deletecollection", $"delete{_idStem}Collection", $"Deletes {_kind.Plural}.", _self) with
            {
                Body = ComponentNames.Of(Meta("DeleteOptions")),
                Answer = ComponentNames.Of(Meta("Status")),
                Parameters = [.. OperationParameter.List, .. OperationParameter.Delete.Where(parameter => parameter.Name != "dryRun"), OperationParameter.DryRun],
            };
        }
    }

    private IEnumerable<Operation> Item()
    {
        if (Has("get"))
        {
            yield return Make("get", "get", $"read{_idStem}", $"Reads one of {_kind.Plural}.", _self) with { Answer = _type };
        }

        if (Has("update"))
        {
            yield return Make("put", "put", $"replace{_idStem}", $"Replaces one of {_kind.Plural}.", _self) with
            {
                Body = _type,
                Answer = _type,
                Parameters = OperationParameter.Write,
            };
        }

        if (Has("delete"))
        {
            yield return Make("delete", "delete", $"delete{_idStem}", $"Deletes one of {_kind.Plural}.", _self) with
            {
                Body = ComponentNames.Of(Meta("DeleteOptions")),
                Answer = ComponentNames.Of(Meta("Status")),
                Parameters = OperationParameter.Delete,
            };
        }

        if (Has("patch"))
        {
            yield return Patch($"patch{_idStem}", $"Changes parts of one of {_kind.Plural}.", _self, _type);
        }
    }

    private IEnumerable<Operation> Subresource(SubresourceDefinition subresource)
    {
        var kind = new GroupVersionKind(subresource.Group, subresource.Version, subresource.Kind);
        string? type = TypeOf(subresource);
        string id = _idStem + Capital(subresource.Name);
        foreach (string verb in subresource.Verbs)
        {
            switch (verb)
            {
                case "get":
                    yield return Make("get", "get", $"read{id}", $"Reads {subresource.Name} of one of {_kind.Plural}.", kind) with
                    {
                        Answer = subresource.Name == "log" ? null : type,
                    };
                    break;
                case "create":
                    yield return Make("post", "post", $"create{id}", $"Creates {subresource.Name} of one of {_kind.Plural}.", kind) with
                    {
                        Body = type,
                        Answer = type,
                        Parameters = type is null ? [] : OperationParameter.Write,
                    };
                    break;
                case "update":
                    yield return Make("put", "put", $"replace{id}", $"Replaces {subresource.Name} of one of {_kind.Plural}.", kind) with
                    {
                        Body = type,
                        Answer = type,
                        Parameters = type is null ? [] : OperationParameter.Write,
                    };
                    break;
                case "patch":
                    yield return type is null
                        ? Make("patch", "patch", $"patch{id}", $"Calls {subresource.Name} of one of {_kind.Plural}.", kind)
                        : Patch($"patch{id}", $"Changes {subresource.Name} of one of {_kind.Plural}.", kind, type);
                    break;
                case "delete":
                    yield return Make("delete", "delete", $"delete{id}", $"Calls {subresource.Name} of one of {_kind.Plural}.", kind);
                    break;
            }
        }
    }

    // The streams into pods and the proxies speak no type; what they take is in the query.
    private string? TypeOf(SubresourceDefinition subresource)
    {
        if (subresource.Kind == _kind.Kind && subresource.Group == _kind.Group)
        {
            return _type;
        }

        bool isOptions = subresource.Kind.EndsWith("Options", StringComparison.Ordinal);
        string package = subresource.Group.Length == 0 ? "core" : subresource.Group.Split('.')[0];
        return !isOptions && BuiltInCatalogue.Instance.FindType($"{package}.{subresource.Version}.{subresource.Kind}") is { } type
            ? ComponentNames.Of(type)
            : null;
    }

    private static TypeDefinition Meta(string name) => BuiltInCatalogue.Instance.FindType("meta.v1." + name)
        ?? throw new InvalidOperationException($"The catalogue has no meta.v1.{name}.");

    private Operation Patch(string id, string description, GroupVersionKind kind, string type) => Make("patch", "patch", id, description, kind) with
    {
        Body = ComponentNames.Of(Meta("Patch")),
        Answer = type,
        Consumes = ComponentNames.IsBuiltIn(_kind.Type) ? PatchTypes : CustomPatchTypes,
        Parameters = OperationParameter.Patch,
    };

    private static Operation Make(string method, string action, string id, string description, GroupVersionKind kind) => new()
    {
        Method = method,
        Action = action,
        Id = id,
        Description = description,
        Kind = kind,
    };
}
