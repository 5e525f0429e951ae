using System.Reflection;
using System.Reflection.Metadata;

namespace IlgpuXai.Simt;

/// <summary>Finds file and line of an instruction.</summary>
public static class SourceLines
{
    /// <summary><c>File.cs(12)</c>, or the offset in the method where there is no PDB.</summary>
    public static string Find(MethodBase method, int offset)
    {
        string unknown = $"{method.Name}+IL_{Math.Max(offset, 0):x4}";
        if (DebugInformation.Of(method) is not { } reader) return unknown;
        var points = reader.GetMethodDebugInformation(DebugInformation.Handle(method).ToDebugInformationHandle()).GetSequencePoints().Where(p => !p.IsHidden).ToList();
        if (points.Count == 0) return unknown;
        var point = points.LastOrDefault(p => p.Offset <= offset, points[0]);
        return $"{Path.GetFileName(reader.GetString(reader.GetDocument(point.Document).Name))}({point.StartLine})";
    }
}
