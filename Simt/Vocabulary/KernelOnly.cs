using System.Runtime.CompilerServices;

namespace ILGPU;

/// <summary>The body of every member that means something only in a kernel: devices replace the call.</summary>
static class KernelOnly
{
    public static Exception Here(string type, [CallerMemberName] string member = "") =>
        new InvalidOperationException($"{type}.{member} has a meaning only inside a kernel that a device runs");
}
