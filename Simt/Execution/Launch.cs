using ILGPU;

namespace IlgpuXai.Simt;

/// <summary>One launch: groups dealt out to workers in ascending order.</summary>
/// <remarks>
/// If groups fail, the one with the lowest number is reported: every group before it had been dealt out and runs to its end,
/// so the message does not depend on the number of workers.
/// </remarks>
sealed unsafe class Launch(KernelCode code, ResumableMethod method, KernelConfig config, byte* arguments, ViewArguments? views, long threads)
{
    readonly Lock _lock = new();
    readonly long _groups = config.GridDim.LongSize;
    long _next = -1, _failed = long.MaxValue;
    SimtException? _failure;
    IReadOnlyList<string> _findings = [];

    public void Run(int workers)
    {
        workers = (int)Math.Min(workers, _groups);
        if (workers == 1) Work(); else Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, _ => Work());
        if (_failure is not null) throw new SimtException([.. _failure.Findings, .. _findings]);
        if (_findings.Count > 0) throw new SimtException(_findings);
    }

    void Work()
    {
        using var runner = new GroupRunner(code, method, config, arguments, views);
        while (Volatile.Read(ref _failure) is null)
        {
            long group = Interlocked.Increment(ref _next);
            if (group >= _groups) break;
            try
            {
                runner.Run(IndexOf(group), (int)Math.Min(runner.Threads, threads - group * runner.Threads));
            }
            catch (SimtException e)
            {
                Fail(group, e);
            }
        }
        if (runner.Shadow is { } shadow) _findings = shadow.Findings;
    }

    void Fail(long group, SimtException e)
    {
        lock (_lock)
            if (group < _failed) (_failed, _failure) = (group, e);
    }

    Index3D IndexOf(long group) =>
        new((int)(group % config.GridDim.X), (int)(group / config.GridDim.X % config.GridDim.Y), (int)(group / config.GridDim.X / config.GridDim.Y));
}
