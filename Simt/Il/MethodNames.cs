using System.Reflection;

namespace IlgpuXai.Simt;

/// <summary>Methods and types as a reader of the source would write them.</summary>
public static class MethodNames
{
    /// <summary>For instance <c>UnaryKernels&lt;Relu&gt;.ForwardKernel</c>.</summary>
    public static string Of(MethodBase method) => method.DeclaringType is { } type ? $"{Of(type)}.{method.Name}" : method.Name;

    public static string Of(Type type)
    {
        if (!type.IsGenericType) return type.Name;
        string name = type.Name.Split('`')[0];
        return $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>";
    }
}
