using System.Reflection;

namespace IlgpuXai.Jit;

/// <summary>Kernel IL → text of a C dialect.</summary>
public static class KernelTranslator
{
    /// <exception cref="IlgpuXai.Simt.RefusedKernelException">The method, or one it calls, contains what no device can run.</exception>
    public static KernelText Translate(MethodInfo kernel, TranslationOptions options) => throw new NotImplementedException();
}
