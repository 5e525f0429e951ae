using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace IlgpuXai.Simt;

/// <summary>The portable PDB beside, or embedded in, the assembly of a method. Read once per assembly.</summary>
static class DebugInformation
{
    static readonly ConditionalWeakTable<Module, StrongBox<MetadataReaderProvider?>> s_providers = [];

    /// <summary>Null where there is no PDB.</summary>
    public static MetadataReader? Of(MethodBase method) => s_providers.GetValue(method.Module, Open).Value?.GetMetadataReader();

    public static MethodDefinitionHandle Handle(MethodBase method) => (MethodDefinitionHandle)MetadataTokens.Handle(method.MetadataToken);

    static StrongBox<MetadataReaderProvider?> Open(Module module)
    {
        string path = module.FullyQualifiedName;
        if (!File.Exists(path)) return new(null);
        using var file = File.OpenRead(path);
        using var image = new PEReader(file);
        return new(image.TryOpenAssociatedPortablePdb(path, pdb => File.Exists(pdb) ? new MemoryStream(File.ReadAllBytes(pdb)) : null, out var provider, out _) ? provider : null);
    }
}
