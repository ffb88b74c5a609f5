using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace MiniPlane.StartupProfile;

/// <summary>Rows of a new assembly's metadata that refer to types and methods of others.</summary>
internal sealed class References(AssemblyLibrary library)
{
    /// <summary>What stands for any class in code that is shared: the profile's readers look for it in an assembly of this name.</summary>
    private const string Canon = "System.__Canon";

    private readonly Dictionary<string, AssemblyReferenceHandle> _assemblies = new(StringComparer.Ordinal);
    private readonly Dictionary<(EntityHandle, string, string), TypeReferenceHandle> _types = [];
    private readonly Dictionary<string, SignatureTypeCode> _primitives = new(StringComparer.Ordinal)
    {
        ["bool"] = SignatureTypeCode.Boolean,
        ["char"] = SignatureTypeCode.Char,
        ["byte"] = SignatureTypeCode.Byte,
        ["sbyte"] = SignatureTypeCode.SByte,
        ["short"] = SignatureTypeCode.Int16,
        ["ushort"] = SignatureTypeCode.UInt16,
        ["int"] = SignatureTypeCode.Int32,
        ["uint"] = SignatureTypeCode.UInt32,
        ["long"] = SignatureTypeCode.Int64,
        ["ulong"] = SignatureTypeCode.UInt64,
        ["float"] = SignatureTypeCode.Single,
        ["double"] = SignatureTypeCode.Double,
        ["nint"] = SignatureTypeCode.IntPtr,
        ["nuint"] = SignatureTypeCode.UIntPtr,
    };

    public MetadataBuilder Metadata { get; } = new();

    /// <summary>A method with its type's and its own arguments; null when one of them is unknown or their number is not right.</summary>
    public EntityHandle? Method(DefinedType type, MethodDefinition method, MethodName name, ISet<string> assemblies)
    {
        assemblies.Add(type.Assembly);
        if (type.Definition.GetGenericParameters().Count != name.Type.Arguments.Count || method.GetGenericParameters().Count != name.Arguments.Count)
        {
            return null;
        }

        EntityHandle owner = Type(type);
        if (name.Type.Arguments.Count > 0)
        {
            var specification = new BlobBuilder();
            if (!WriteInstance(specification, type, name.Type.Arguments, assemblies))
            {
                return null;
            }

            owner = Metadata.AddTypeSpecification(Metadata.GetOrAddBlob(specification));
        }

        var signature = new BlobBuilder();
        new SignatureCopy(type.Reader, Metadata, handle => Imported(type, handle)).Method(type.Reader.GetBlobReader(method.Signature), signature);
        MemberReferenceHandle member = Metadata.AddMemberReference(
            owner, Metadata.GetOrAddString(type.Reader.GetString(method.Name)), Metadata.GetOrAddBlob(signature));
        if (name.Arguments.Count == 0)
        {
            return member;
        }

        var instance = new BlobBuilder();
        instance.WriteByte((byte)SignatureKind.MethodSpecification);
        return WriteAll(instance, name.Arguments, assemblies) ? Metadata.AddMethodSpecification(member, Metadata.GetOrAddBlob(instance)) : null;
    }

    private bool WriteInstance(BlobBuilder signature, DefinedType type, IReadOnlyList<TypeName> arguments, ISet<string> assemblies)
    {
        signature.WriteByte((byte)SignatureTypeCode.GenericTypeInstance);
        WriteDefined(signature, type);
        return WriteAll(signature, arguments, assemblies);
    }

    private bool WriteAll(BlobBuilder signature, IReadOnlyList<TypeName> types, ISet<string> assemblies)
    {
        signature.WriteCompressedInteger(types.Count);
        return types.All(type => Write(signature, type, assemblies));
    }

    private bool Write(BlobBuilder signature, TypeName type, ISet<string> assemblies)
    {
        for (int i = 0; i < type.ArrayDepth; i++)
        {
            signature.WriteByte((byte)SignatureTypeCode.SZArray);
        }

        if (_primitives.TryGetValue(type.Name, out SignatureTypeCode primitive))
        {
            signature.WriteByte((byte)primitive);
            return true;
        }

        if (type.Name == Canon)
        {
            signature.WriteByte((byte)SignatureTypeKind.Class);
            signature.WriteCompressedInteger(CodedIndex.TypeDefOrRefOrSpec(Type(Assembly("System.Private.Canon"), "System", "__Canon")));
            return true;
        }

        if (library.Find(type.Name) is not [DefinedType found, ..] || found.Definition.GetGenericParameters().Count != type.Arguments.Count)
        {
            return false;
        }

        assemblies.Add(found.Assembly);
        if (type.Arguments.Count > 0)
        {
            return WriteInstance(signature, found, type.Arguments, assemblies);
        }

        WriteDefined(signature, found);
        return true;
    }

    private void WriteDefined(BlobBuilder signature, DefinedType type)
    {
        signature.WriteByte((byte)(type.IsValueType ? SignatureTypeKind.ValueType : SignatureTypeKind.Class));
        signature.WriteCompressedInteger(CodedIndex.TypeDefOrRefOrSpec(Type(type)));
    }

    private TypeReferenceHandle Imported(DefinedType source, EntityHandle handle)
    {
        if (handle.Kind == HandleKind.TypeDefinition)
        {
            return Type(source with { Handle = (TypeDefinitionHandle)handle });
        }

        TypeReference reference = source.Reader.GetTypeReference((TypeReferenceHandle)handle);
        EntityHandle scope = reference.ResolutionScope.Kind == HandleKind.TypeReference
            ? Imported(source, reference.ResolutionScope)
            : Assembly(source.Reader.GetString(source.Reader.GetAssemblyReference((AssemblyReferenceHandle)reference.ResolutionScope).Name));
        return Type(scope, source.Reader.GetString(reference.Namespace), source.Reader.GetString(reference.Name));
    }

    private TypeReferenceHandle Type(DefinedType type)
    {
        EntityHandle scope = type.Definition.IsNested ? Type(type with { Handle = type.Definition.GetDeclaringType() }) : Assembly(type.Assembly);
        return Type(scope, type.Reader.GetString(type.Definition.Namespace), type.Reader.GetString(type.Definition.Name));
    }

    private TypeReferenceHandle Type(EntityHandle scope, string space, string name)
    {
        if (!_types.TryGetValue((scope, space, name), out TypeReferenceHandle handle))
        {
            StringHandle spaceHandle = space.Length == 0 ? default : Metadata.GetOrAddString(space);
            _types[(scope, space, name)] = handle = Metadata.AddTypeReference(scope, spaceHandle, Metadata.GetOrAddString(name));
        }

        return handle;
    }

    private AssemblyReferenceHandle Assembly(string name)
    {
        if (!_assemblies.TryGetValue(name, out AssemblyReferenceHandle handle))
        {
            _assemblies[name] = handle = Metadata.AddAssemblyReference(Metadata.GetOrAddString(name), new Version(0, 0, 0, 0), default, default, default, default);
        }

        return handle;
    }
}
