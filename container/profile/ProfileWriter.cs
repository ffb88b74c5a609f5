using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace MiniPlane.StartupProfile;

/// <summary>
/// Writes a profile as crossgen2 reads it (<c>--mibc</c>): an assembly whose global method <c>AssemblyDictionary</c> loads, per group of
/// assemblies, the group's name and the token of a method that in turn loads the token of each method of the group.
/// </summary>
internal sealed class ProfileWriter(AssemblyLibrary library)
{
    private readonly References _references = new(library);
    private readonly SortedDictionary<string, InstructionEncoder> _groups = new(StringComparer.Ordinal);

    /// <summary>Adds the methods of a name. False when the assemblies have none.</summary>
    public bool Add(MethodName name)
    {
        bool isKnown = false;
        foreach (DefinedType type in library.Find(name.Type.Name))
        {
            foreach (MethodDefinition method in type.Methods(name.Name, name.Parameters))
            {
                var assemblies = new SortedSet<string>(StringComparer.Ordinal);
                if (_references.Method(type, method, name, assemblies) is not { } token)
                {
                    continue;
                }

                assemblies.Remove(type.Assembly);
                Append(string.Concat([type.Assembly + ";", .. assemblies.Select(static assembly => assembly + ";")]), token);
                isKnown = true;
            }
        }

        return isKnown;
    }

    public void Save(string path)
    {
        MetadataBuilder metadata = _references.Metadata;
        metadata.AddModule(0, metadata.GetOrAddString("profile.dll"), metadata.GetOrAddGuid(new Guid("6d1b6a44-7cf0-4f0e-9c5e-0f5c62d3a1b7")), default, default);
        metadata.AddAssembly(metadata.GetOrAddString("profile"), new Version(0, 0, 0, 0), default, default, default, AssemblyHashAlgorithm.None);
        metadata.AddTypeDefinition(
            default, default, metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));

        var bodies = new MethodBodyStreamEncoder(new BlobBuilder());
        var dictionary = new InstructionEncoder(new BlobBuilder());
        int count = 0;
        foreach ((string group, InstructionEncoder code) in _groups)
        {
            dictionary.LoadString(metadata.GetOrAddUserString(group));
            LoadToken(dictionary, AddGlobal(bodies, "Group" + count++, code));
        }

        AddGlobal(bodies, "AssemblyDictionary", dictionary);
        var image = new ManagedPEBuilder(
            PEHeaderBuilder.CreateLibraryHeader(),
            new MetadataRootBuilder(metadata),
            bodies.Builder,
            deterministicIdProvider: static content => BlobContentId.FromHash(System.Security.Cryptography.SHA256.HashData(content.SelectMany(static blob => blob.GetBytes().ToArray()).ToArray())));
        var bytes = new BlobBuilder();
        image.Serialize(bytes);
        using FileStream file = File.Create(path);
        bytes.WriteContentTo(file);
    }

    private static void LoadToken(InstructionEncoder code, EntityHandle token)
    {
        code.OpCode(ILOpCode.Ldtoken);
        code.Token(token);
        code.OpCode(ILOpCode.Pop);
    }

    private void Append(string group, EntityHandle token)
    {
        if (!_groups.TryGetValue(group, out InstructionEncoder code))
        {
            _groups[group] = code = new InstructionEncoder(new BlobBuilder());
        }

        LoadToken(code, token);
    }

    private MethodDefinitionHandle AddGlobal(MethodBodyStreamEncoder bodies, string name, InstructionEncoder code)
    {
        code.OpCode(ILOpCode.Ret);
        var signature = new BlobBuilder();
        new BlobEncoder(signature).MethodSignature().Parameters(0, static result => result.Void(), static _ => { });
        return _references.Metadata.AddMethodDefinition(
            MethodAttributes.Public | MethodAttributes.Static,
            MethodImplAttributes.IL,
            _references.Metadata.GetOrAddString(name),
            _references.Metadata.GetOrAddBlob(signature),
            bodies.AddMethodBody(code),
            MetadataTokens.ParameterHandle(1));
    }
}
