using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MiniPlane.StartupProfile;

/// <summary>The types of all assemblies in a directory, by full name; some names exist in several.</summary>
internal sealed class AssemblyLibrary : IDisposable
{
    private readonly List<PEReader> _files = [];
    private readonly Dictionary<string, List<DefinedType>> _types = new(StringComparer.Ordinal);

    public AssemblyLibrary(string directory)
    {
        foreach (string path in Directory.GetFiles(directory, "*.dll").Order(StringComparer.Ordinal))
        {
            var file = new PEReader(File.OpenRead(path));
            _files.Add(file);
            if (file.HasMetadata)
            {
                Add(file.GetMetadataReader());
            }
        }
    }

    public IReadOnlyList<DefinedType> Find(string name) => _types.GetValueOrDefault(name) ?? [];

    public void Dispose() => _files.ForEach(static file => file.Dispose());

    private void Add(MetadataReader reader)
    {
        string assembly = reader.GetString(reader.GetAssemblyDefinition().Name);
        foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
        {
            string name = FullName(reader, handle);
            if (!_types.TryGetValue(name, out List<DefinedType>? known))
            {
                _types[name] = known = [];
            }

            known.Add(new DefinedType(assembly, reader, handle));
        }
    }

    private static string FullName(MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        string name = reader.GetString(type.Name);
        if (type.IsNested)
        {
            return FullName(reader, type.GetDeclaringType()) + "+" + name;
        }

        return type.Namespace.IsNil ? name : reader.GetString(type.Namespace) + "." + name;
    }
}
