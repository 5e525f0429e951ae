using System.Reflection;

namespace IlgpuXai.Simt;

/// <summary>Tells the kernel vocabulary from everything else.</summary>
public static class Vocabulary
{
    /// <summary>The member belongs to the ILGPU namespaces of this assembly: known by name, its body is not read.</summary>
    public static bool Declares(MethodBase method) =>
        method.DeclaringType is { Namespace: { } space } type && type.Assembly == typeof(ILGPU.Group).Assembly
        && (space == "ILGPU" || space.StartsWith("ILGPU.", StringComparison.Ordinal));
}
