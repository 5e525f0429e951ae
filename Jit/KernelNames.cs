using System.Reflection;

namespace IlgpuXai.Jit;

/// <summary>Kernels as people name them: the family, what is done, and for which function.</summary>
public static class KernelNames
{
    /// <summary><c>GpuUnary.Function&lt;Relu&gt;.ForwardKernel</c> is <c>Unary.Forward.Relu</c>.</summary>
    public static string Of(MethodBase kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        var outer = kernel.DeclaringType!;
        while (outer.DeclaringType is { } owner) outer = owner;
        IEnumerable<string> parts = [Plain(outer.Name, "Gpu", ""), Plain(kernel.Name, "", "Kernel"), .. kernel.DeclaringType!.GetGenericArguments().SelectMany(Words), .. kernel.IsGenericMethod ? kernel.GetGenericArguments().SelectMany(Words) : []];
        return string.Join('.', parts.Where(p => p.Length > 0));
    }

    static IEnumerable<string> Words(Type type) => type.GetGenericArguments().SelectMany(Words).Prepend(Plain(type.Name, "", ""));

    static string Plain(string name, string prefix, string suffix)
    {
        name = name.Split('`')[0];
        if (prefix.Length > 0 && name.StartsWith(prefix, StringComparison.Ordinal)) name = name[prefix.Length..];
        return suffix.Length > 0 && name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;
    }
}
