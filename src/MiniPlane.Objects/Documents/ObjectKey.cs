namespace MiniPlane.Objects.Documents;

/// <summary>Names an object within its collection. <see cref="Namespace"/> is empty for cluster-scoped objects.</summary>
public readonly record struct ObjectKey(string Namespace, string Name)
{
    /// <summary>A key without a namespace.</summary>
    public static ObjectKey Cluster(string name) => new("", name);

    /// <summary><c>namespace/name</c>, or the bare name.</summary>
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
