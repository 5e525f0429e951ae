using ILGPU;
using NUnit.Framework;
using static IlgpuXai.Tests.SimtHarness;
using Ints = ILGPU.Runtime.ArrayView1D<int, ILGPU.Stride1D.Dense>;

namespace IlgpuXai.Tests;

/// <summary>What no device can run is refused when the kernel is loaded, by name, line and rule.</summary>
public class SimtRefusalTests
{
    static int Down(int n) => n == 0 ? 0 : 1 + Down(n - 1);                 // recursion
    static void RecursionKernel(Ints y) => y[0] = Down(3);

    static void TryKernel(Ints y)
    {
        try { y[0] = 1; }
        finally { y[1] = 2; }
    }

    static void ArrayKernel(Ints y) => y[0] = new int[3].Length;            // array

    sealed class Box
    {
        public int Value;
    }

    static void ClassKernel(Ints y) => y[0] = new Box { Value = 3 }.Value;  // class

    static int s_calls;
    static void WriteStaticKernel(Ints y) => s_calls = y[0];                // write static
    static void ReadStaticKernel(Ints y) => y[0] = s_calls;                 // read static

    static void ThrowKernel(Ints y)
    {
        if (y[0] == 1) throw new InvalidOperationException();
    }

    static void StringKernel(Ints y) => y[0] = "three".Length;              // string
    static void BoxKernel(Ints y) => y[0] = ((IComparable<int>)y[1]).CompareTo(3);     // box
    static void CheckedKernel(Ints y) => y[0] = checked(y[1] + 1);          // checked
    static void SpanKernel(Ints y)
    {
        Span<int> s = stackalloc int[3];
        y[0] = s[1];
    }

    static void LambdaKernel(Ints y)
    {
        Func<int, int> f = x => x + y.IntLength;
        y[0] = f(1);
    }

    static void AutoBarrierKernel(Index1D i, Ints y)
    {
        Group.Barrier();
        y[i] = 1;
    }

    static void TwoAxesKernel(Index2D i, Ints y) => y[i.X] = 1;
    static void ObjectKernel(string s, Ints y) => y[0] = 1;

    static IEnumerable<TestCaseData> Cases()
    {
        yield return Case(RecursionKernel, $"SimtRefusalTests.Down at {LineOf("recursion")}: a kernel cannot contain recursion: SimtRefusalTests.Down is already running");
        yield return Case(TryKernel, "a try block: a device knows no exceptions");
        yield return Case(ArrayKernel, $"SimtRefusalTests.ArrayKernel at {LineOf("array")}: a kernel cannot contain an array: use LocalMemory, SharedMemory or a view");
        yield return Case(ClassKernel, $"at {LineOf("class")}: a kernel cannot contain new Box: it is a class, kernels know value types only");
        yield return Case(WriteStaticKernel, $"at {LineOf("write static")}: a kernel cannot contain a write to the static field SimtRefusalTests.s_calls: statics are constants, write to a view");
        yield return Case(ReadStaticKernel, $"at {LineOf("read static")}: a kernel cannot contain a read of the static field SimtRefusalTests.s_calls that is not readonly: pass its value as a parameter");
        yield return Case(ThrowKernel, "a kernel cannot contain new InvalidOperationException: it is a class");
        yield return Case(StringKernel, "a kernel cannot contain a string");
        yield return Case(BoxKernel, "a kernel cannot contain boxing");
        yield return Case(CheckedKernel, "a kernel cannot contain checked arithmetic: a device wraps around");
        yield return Case(SpanKernel, "a kernel cannot contain stackalloc: use LocalMemory");
        yield return Case(LambdaKernel, "a kernel cannot contain new");
        yield return Case(AutoBarrierKernel, "a kernel cannot contain barriers, exchanges or shared memory when it is implicitly grouped");
        yield return Case(TwoAxesKernel, "a kernel cannot contain an Index2D as its first parameter");
        yield return Case(ObjectKernel, "a kernel cannot contain the parameter s of type String");

        static TestCaseData Case(Delegate kernel, string message) => new TestCaseData(kernel, message).SetArgDisplayNames(kernel.Method.Name);
    }

    [TestCaseSource(nameof(Cases))]
    public void Refused(Delegate kernel, string message) => Assert.That(Refusal(kernel), Does.Contain(message));
}
