using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace IlgpuXai.Simt;

/// <summary>Finds file and line of an instruction in the portable PDB beside, or embedded in, its assembly.</summary>
public static class SourceLines
{
    /// <summary><c>File.cs(12)</c>, or the offset in the method where there is no PDB.</summary>
    public static string Find(MethodBase method, int offset)
    {
        string unknown = $"{method.Name}+IL_{Math.Max(offset, 0):x4}";
        string path = method.Module.FullyQualifiedName;
        if (!File.Exists(path)) return unknown;
        using var file = File.OpenRead(path);
        using var image = new PEReader(file);
        if (!image.TryOpenAssociatedPortablePdb(path, pdb => File.Exists(pdb) ? File.OpenRead(pdb) : null, out var provider, out _)) return unknown;
        using (provider)
        {
            var reader = provider!.GetMetadataReader();
            var handle = ((MethodDefinitionHandle)MetadataTokens.Handle(method.MetadataToken)).ToDebugInformationHandle();
            var points = reader.GetMethodDebugInformation(handle).GetSequencePoints().Where(p => !p.IsHidden).ToList();
            if (points.Count == 0) return unknown;
            var point = points.LastOrDefault(p => p.Offset <= offset, points[0]);
            return $"{Path.GetFileName(reader.GetString(reader.GetDocument(point.Document).Name))}({point.StartLine})";
        }
    }
}
