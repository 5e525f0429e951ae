using IlgpuXai.Simt;

namespace IlgpuXai.Kernels;

/// <summary>The kernels of GPUs, run by the processor thread by thread: slow, and right on every machine.</summary>
public sealed class SimtDevice : GpuDevice
{
    readonly int _threads;
    readonly SimtMode _mode;

    /// <param name="threads">0 takes all cores.</param>
    /// <param name="mode"><see cref="SimtMode.Checked"/> also looks for races and for reads of memory never written.</param>
    public SimtDevice(int threads = 0, SimtMode mode = SimtMode.Fast) : base(new PagedMemory(), new SimtRunner(mode, Workers(threads))) =>
        (_threads, _mode) = (Workers(threads), mode);

    public override string Name => "simt";
    public override string Description => $"GPU kernels emulated on {_threads} threads{(_mode == SimtMode.Checked ? ", checked" : "")}";

    static int Workers(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        return threads == 0 ? Environment.ProcessorCount : threads;
    }
}
