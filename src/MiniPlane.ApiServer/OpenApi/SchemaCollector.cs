using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.OpenApi;

/// <summary>The built-in types that a document needs: those given to it and all that they refer to.</summary>
internal sealed class SchemaCollector
{
    private readonly SortedDictionary<string, TypeDefinition> _types = new(StringComparer.Ordinal);

    /// <summary>Types by their published name, sorted.</summary>
    public IReadOnlyDictionary<string, TypeDefinition> Types => _types;

    public void Add(string typeName)
    {
        if (BuiltInCatalogue.Instance.FindType(typeName) is { } type)
        {
            Add(type);
        }
    }

    public void Add(TypeDefinition type)
    {
        // Types may refer to each other in circles, so those that wait are kept aside instead of recursing.
        var waiting = new Stack<TypeDefinition>([type]);
        var inPlace = new HashSet<TypeDefinition>(ReferenceEqualityComparer.Instance);
        while (waiting.TryPop(out TypeDefinition? next))
        {
            bool isNew = next.Name.Contains('.', StringComparison.Ordinal) && ComponentNames.IsBuiltIn(next)
                ? _types.TryAdd(ComponentNames.Of(next), next)
                : inPlace.Add(next);
            if (isNew)
            {
                foreach (FieldDefinition field in next.Fields)
                {
                    waiting.Push(field.Type);
                }
            }
        }
    }
}
