using System.Reflection;
using ILGPU;
using IlgpuXai.Jit;

namespace IlgpuXai.Kernels;

/// <summary>Every kernel of this project, those of generic families once for each function.</summary>
/// <remarks>Found by letting the families load them into a runner that only takes notes: what no family loads is no kernel.</remarks>
public static class KernelCatalogue
{
    static readonly Lazy<IReadOnlyDictionary<string, MethodInfo>> s_all = new(Collect);

    /// <summary>By name, such as <c>Pool2d.Max</c> or <c>Unary.Forward.Relu</c>; in the order of the names.</summary>
    public static IReadOnlyDictionary<string, MethodInfo> All => s_all.Value;

    static SortedDictionary<string, MethodInfo> Collect()
    {
        var notes = new Notes();
        using var device = new NotedDevice(notes);
        foreach (var function in typeof(IUnary).Assembly.GetTypes().Where(t => t is { IsValueType: true, IsGenericType: false }))
        {
            if (function.IsAssignableTo(typeof(IUnary))) Load(nameof(LoadUnary), function);
            if (function.IsAssignableTo(typeof(IBinary))) Load(nameof(LoadBinary), function);
            if (function.IsAssignableTo(typeof(IReduction))) Load(nameof(LoadReduction), function);
        }
        return new(notes.Kernels.Distinct().ToDictionary(KernelNames.Of), StringComparer.Ordinal);

        void Load(string how, Type function) =>
            typeof(KernelCatalogue).GetMethod(how, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(function).Invoke(null, [device]);
    }

    static void LoadUnary<F>(Device device) where F : struct, IUnary => device.Unary.Forward<F>(View.Empty, View.Empty);
    static void LoadBinary<F>(Device device) where F : struct, IBinary => device.Binary.Forward<F>(View.Empty, View.Empty, View.Empty, BroadcastShape.Of([0], [0]));

    static void LoadReduction<R>(Device device) where R : struct, IReduction
    {
        using var result = device.Allocate<float>(1);
        device.Reduce.Along<R>(View.Empty, result.View, 1f, new(1, 0, 1));
    }

    sealed class Notes : AddressedRunner
    {
        public List<MethodInfo> Kernels { get; } = [];

        protected override void Loaded(MethodInfo kernel) => Kernels.Add(kernel);
        protected override IAddressedKernel Compile(MethodInfo kernel) => new Nothing();
    }

    sealed unsafe class Nothing : IAddressedKernel
    {
        public void Launch(in KernelConfig config, void** args) { }
        public void LaunchAuto(int extent, void** args) { }
    }

    sealed class NotedDevice(Notes notes) : GpuDevice(new PagedMemory(), notes)
    {
        public override string Name => "none";
        public override string Description => "runs nothing";
    }
}
