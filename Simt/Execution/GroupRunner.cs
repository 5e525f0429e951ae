using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU;

namespace IlgpuXai.Simt;

/// <summary>One worker's group: the frames of its threads and the schedule that runs them.</summary>
/// <remarks>
/// One OS thread runs the whole group: every GPU thread up to its next yield, in ascending order, again and again. All lanes
/// of a warp must stand at the same yield; while it is one for the warp alone, the warp goes on; then all warps must agree.
/// Runs are deterministic, exceptions surface in place, nothing blocks.
/// </remarks>
sealed unsafe class GroupRunner : IDisposable
{
    public const int WarpSize = 32, MaxThreads = 1024;

    /// <summary>What rewritten kernels read without a call.</summary>
    public readonly byte* Arguments;
    public readonly int DimX, DimY, DimZ, Threads;
    public readonly Index3D GridDim;
    public readonly GroupMemory Memory;
    public readonly Shadow? Shadow;
    public int GridX, GridY, GridZ, ActiveThreads, Votes;

    readonly KernelCode _code;
    readonly Step _step;
    readonly byte* _frames;
    readonly int _stride, _localStart;
    readonly ViewArguments? _views;
    int _current;

    public GroupRunner(KernelCode code, ResumableMethod method, in KernelConfig config, byte* arguments, ViewArguments? views)
    {
        _code = code;
        _views = views;
        Arguments = arguments;
        (DimX, DimY, DimZ) = (config.GroupDim.X, config.GroupDim.Y, config.GroupDim.Z);
        Threads = config.GroupDim.Size;
        GridDim = config.GridDim;
        _localStart = method.FrameBytes;
        Memory = new GroupMemory(code, config.SharedMemoryConfig.ArraySize, _localStart);
        int frames = code.Yields.Count == 1 ? 1 : Threads;
        // The odd multiple of a cache line keeps frames from sharing cache sets.
        _stride = ((_localStart + (code.UsesLocalMemory ? GroupMemory.LocalCapacity : 0) + 63) & ~63) | 64;
        _frames = (byte*)NativeMemory.AlignedAlloc((nuint)(_stride * frames), 64);
        Shadow = views is null ? null : new Shadow(this, code, views);
        _step = method.Method.CreateDelegate<Step>(this);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ThreadFrame* Frame(int thread) => (ThreadFrame*)(_frames + (long)_stride * thread);

    /// <summary>Runs one group to its end; the first <paramref name="active"/> threads of it.</summary>
    public void Run(Index3D index, int active)
    {
        (GridX, GridY, GridZ) = (index.X, index.Y, index.Z);
        ActiveThreads = active;
        _current = 0;
        Shadow?.BeginGroup();
        try
        {
            if (_code.Yields.Count == 1) RunWithoutYields(); else RunWithYields();
        }
        catch (Exception e) when (e is not SimtException)
        {
            throw new SimtException(Describe(e));
        }
    }

    void RunWithoutYields()
    {
        var frame = Frame(0);
        (frame->X, frame->Y, frame->Z, frame->Linear, frame->WarpEpoch) = (0, 0, 0, 0, 0);
        _step(frame);
    }

    void RunWithYields()
    {
        InitialiseFrames();
        while (true)
        {
            int reached = -1;
            for (int warp = 0; warp < Threads; warp += WarpSize)
            {
                int yield = RunWarp(warp, Math.Min(warp + WarpSize, Threads));
                if (reached < 0) reached = yield; else if (yield != reached) throw Divergence(0, reached, warp, yield);
            }
            if (reached == 0) return;
            if (_code.Yields[reached].Kind == YieldKind.GroupVote) CountVotes();
            if (Shadow is null) continue;
            Shadow.NextInterval();
            for (int k = 0; k < Threads; k++) Frame(k)->WarpEpoch = 0;
        }
    }

    // Runs a warp up to its next yield that concerns the group.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    int RunWarp(int first, int end)
    {
        while (true)
        {
            int reached = -1;
            for (_current = first; _current < end; _current++)
            {
                int yield = _step(Frame(_current));
                if (reached < 0) reached = yield; else if (yield != reached) throw Divergence(first, reached, _current, yield);
            }
            var kind = _code.Yields[reached].Kind;
            if (kind is not (YieldKind.WarpBarrier or YieldKind.WarpExchange)) return reached;
            if (kind == YieldKind.WarpBarrier && Shadow is not null)
                for (int k = first; k < end; k++) Frame(k)->WarpEpoch++;
        }
    }

    void InitialiseFrames()
    {
        int thread = 0;
        for (int z = 0; z < DimZ; z++)
            for (int y = 0; y < DimY; y++)
                for (int x = 0; x < DimX; x++, thread++)
                {
                    var frame = Frame(thread);
                    (frame->State, frame->X, frame->Y, frame->Z, frame->Linear) = (0, x, y, z, thread);
                    (frame->WarpEpoch, frame->WarpParity, frame->GroupParity) = (0, 0, 0);
                    if (_code.UsesLocalMemory) SpoilLocalMemory(frame);
                }
    }

    /// <summary>When checked, NaN in every float: what a thread reads before writing it shows, be it left by another thread of the frame.</summary>
    public void SpoilLocalMemory(ThreadFrame* frame)
    {
        if (Shadow is null) return;
        int bytes = Memory.LocalUsed > 0 ? Memory.LocalUsed : GroupMemory.LocalCapacity;
        NativeMemory.Fill((byte*)frame + _localStart, (nuint)bytes, 0xff);
    }

    void CountVotes()
    {
        Votes = 0;
        for (int k = 0; k < Threads; k++) Votes += Frame(k)->Predicate;
    }

    SimtException Divergence(int thread, int yield, int other, int otherYield)
    {
        string At(int number) => number == 0 ? "has left the kernel" : $"waits at {_code.Sites[_code.Yields[number].Site]}";
        int place = _code.Yields[yield == 0 ? otherYield : yield].Site;
        string what = _code.Yields[Math.Max(yield, otherYield)].Kind is YieldKind.WarpBarrier or YieldKind.WarpExchange ? "warp operation not reached by all lanes" : "barrier not reached by all threads";
        return new SimtException($"{MethodNames.Of(_code.Kernel)}: {_code.Sites[place]}: {what} of group {GroupName}: thread {ThreadName(thread)} {At(yield)}, thread {ThreadName(other)} {At(otherYield)}");
    }

    string Describe(Exception e)
    {
        int thread = _code.Yields.Count == 1 ? Frame(0)->Linear : _current;
        string who = $"thread {ThreadName(thread)} of group {GroupName}";
        string kernel = MethodNames.Of(_code.Kernel);
        if (e is not KernelFault fault) return $"{kernel}: {who}: {e.GetType().Name}: {e.Message}";
        string place = fault.Site < 0 ? "" : $"{_code.Sites[fault.Site]}: ";
        string view = Memory.DescribeView(fault.View, _code) ?? _views?.NameOf(fault.View) ?? "";
        return $"{kernel}: {place}{fault.Message}{(view.Length > 0 ? $" ({view})" : "")}, {who}";
    }

    public string GroupName => $"({GridX}, {GridY}, {GridZ})";

    public string ThreadName(int linear) => $"({linear % DimX}, {linear / DimX % DimY}, {linear / DimX / DimY})";

    public void Dispose()
    {
        NativeMemory.AlignedFree(_frames);
        Memory.Dispose();
        Shadow?.Dispose();
    }
}
