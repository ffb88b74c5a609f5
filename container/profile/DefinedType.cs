using System.Reflection.Metadata;

namespace MiniPlane.StartupProfile;

/// <summary>A type definition and where it is.</summary>
internal sealed record DefinedType(string Assembly, MetadataReader Reader, TypeDefinitionHandle Handle)
{
    public TypeDefinition Definition => Reader.GetTypeDefinition(Handle);

    public bool IsValueType => Definition.BaseType is { IsNil: false, Kind: HandleKind.TypeReference or HandleKind.TypeDefinition } parent
        && BaseName(parent) is "System.ValueType" or "System.Enum";

    /// <summary>The methods of a name with so many parameters.</summary>
    public IEnumerable<MethodDefinition> Methods(string name, int parameters) => Definition.GetMethods()
        .Select(Reader.GetMethodDefinition)
        .Where(method => Reader.StringComparer.Equals(method.Name, name) && ParameterCount(method) == parameters);

    private int ParameterCount(MethodDefinition method)
    {
        BlobReader signature = Reader.GetBlobReader(method.Signature);
        if (signature.ReadSignatureHeader().IsGeneric)
        {
            signature.ReadCompressedInteger();
        }

        return signature.ReadCompressedInteger();
    }

    private string BaseName(EntityHandle parent)
    {
        (StringHandle space, StringHandle name) = parent.Kind == HandleKind.TypeReference
            ? (Reader.GetTypeReference((TypeReferenceHandle)parent).Namespace, Reader.GetTypeReference((TypeReferenceHandle)parent).Name)
            : (Reader.GetTypeDefinition((TypeDefinitionHandle)parent).Namespace, Reader.GetTypeDefinition((TypeDefinitionHandle)parent).Name);
        return Reader.GetString(space) + "." + Reader.GetString(name);
    }
}
