using System.Reflection;

namespace IlgpuXai.Simt;

/// <summary>A method uses what no device can run. The message is one line: method, file and line, construct, rule.</summary>
public sealed class RefusedKernelException(MethodBase method, int offset, string construct)
    : Exception($"{MethodNames.Of(method)} at {SourceLines.Find(method, offset)}: a kernel cannot contain {construct}");
