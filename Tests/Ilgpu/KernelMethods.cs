using System.Reflection;
using IlgpuXai.Kernels;

namespace IlgpuXai.Tests;

/// <summary>The kernels of the project: static methods named <c>…Kernel</c>, those of generic types once for every function they can be closed over.</summary>
static class KernelMethods
{
    static readonly Type[] s_types = typeof(IKernelRunner).Assembly.GetTypes();

    public static IEnumerable<MethodInfo> All =>
        from type in s_types
        where type.IsClass && type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic).Any(IsKernel)
        from closed in Closed(type)
        from method in closed.GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
        where IsKernel(method)
        select method;

    public static string Name(MethodInfo kernel) => $"{Name(kernel.DeclaringType!)}.{kernel.Name}";

    static string Name(Type type)
    {
        string name = type.IsNested ? $"{type.DeclaringType!.Name}.{type.Name}" : type.Name;
        return type.IsGenericType ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }

    static bool IsKernel(MethodInfo method) => method.ReturnType == typeof(void) && method.Name.EndsWith("Kernel", StringComparison.Ordinal);

    // Functions are structs that implement an interface; if the interface is generic, its arguments are the type's further parameters.
    static IEnumerable<Type> Closed(Type type)
    {
        if (!type.IsGenericTypeDefinition) return [type];
        var contract = type.GetGenericArguments()[0].GetGenericParameterConstraints().Single(c => c.IsInterface);
        return from function in s_types
               where function.IsValueType && !function.IsGenericTypeDefinition
               from implemented in function.GetInterfaces()
               where implemented == contract || implemented.IsGenericType && contract.IsGenericType && implemented.GetGenericTypeDefinition() == contract.GetGenericTypeDefinition()
               select type.MakeGenericType([function, .. implemented.GetGenericArguments()]);
    }
}
