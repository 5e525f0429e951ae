using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IlgpuXai.Simt;

/// <summary>Remembers the accesses to shared and global memory in a launch, and finds races and reads of shared memory never written.</summary>
/// <remarks>
/// Two accesses to one cell by different threads race if at least one is a plain write, or one is plain and the other atomic,
/// and nothing orders them: between threads of one group a group barrier does, inside a warp also a warp barrier; between
/// groups nothing does. Shared memory has a cell per 4 bytes, or per byte if some access of the kernel is smaller; global
/// memory likewise, for the views among the arguments. Epochs only grow, so nothing needs clearing between groups: in shared
/// memory "older than the group" means never written, in global memory it means another group.
/// Groups must run one after another; then the verdict does not depend on their order.
/// </remarks>
sealed unsafe class Shadow : IDisposable
{
    readonly GroupRunner _group;
    readonly KernelCode _code;
    readonly ViewArguments _views;
    readonly nuint _shared, _sharedBytes;
    readonly ShadowCell* _sharedCells;
    readonly int _granule, _shift;
    readonly List<Region> _regions = [];
    readonly List<(uint FirstEpoch, string Name)> _groups = [];
    readonly HashSet<(int, int, string)> _reported = [];
    readonly List<string> _findings = [];
    Region _last;
    uint _epoch, _firstEpoch;

    sealed class Region(nuint start, nuint bytes, ShadowCell* cells)
    {
        public readonly nuint Start = start, Bytes = bytes;
        public readonly ShadowCell* Cells = cells;
    }

    public Shadow(GroupRunner group, KernelCode code, ViewArguments views)
    {
        (_group, _code, _views) = (group, code, views);
        (_granule, _shift) = (code.Granule, code.Granule == 4 ? 2 : 0);
        _shared = (nuint)group.Memory.Base;
        _sharedBytes = group.Memory.HasShared ? (nuint)GroupMemory.SharedCapacity : 0;
        _regions.Add(NewRegion(_shared, _sharedBytes));
        _sharedCells = _regions[0].Cells;
        foreach (var (start, bytes) in views.Ranges()) _regions.Add(NewRegion(start, bytes));
        _last = _regions[^1];
    }

    // Zeroed by the system page by page: memory that no thread touches costs nothing.
    Region NewRegion(nuint start, nuint bytes) => new(start, bytes, (ShadowCell*)NativeMemory.AllocZeroed(bytes / (nuint)_granule + 4, (nuint)sizeof(ShadowCell)));

    /// <summary>One line each, in the order in which they were found; one per pair of places in the source.</summary>
    public IReadOnlyList<string> Findings => _findings;

    public void BeginGroup()
    {
        NextInterval();
        _firstEpoch = _epoch;
        _groups.Add((_epoch, _group.GroupName));
    }

    public void NextInterval()
    {
        if (_epoch == ShadowRecord.MaxEpoch) throw new SimtException($"{MethodNames.Of(_code.Kernel)}: more than {ShadowRecord.MaxEpoch} barriers in one launch, the checker cannot count them");
        _epoch++;
    }

    /// <summary>A thread is about to access memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Touch(void* address, int bytes, int site, ThreadFrame* t, Access access)
    {
        nuint offset = (nuint)address - _shared;
        if (offset < _sharedBytes)
        {
            var cell = _sharedCells + (offset >> _shift);
            if (access == Access.Read && bytes == _granule && cell->Write.Epoch >= _firstEpoch && IsOldNews(cell, t)) return;
            Visit(cell, (nuint)address, bytes, site, t, access, isShared: true);
        }
        else TouchGlobal((nuint)address, bytes, site, t, access);
    }

    // A read that can neither conflict nor add to the record: written before this interval, no atomics, this reader known.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool IsOldNews(ShadowCell* cell, ThreadFrame* t) =>
        cell->Write.Epoch < _epoch && cell->Atomics.Epoch < _epoch && cell->Reads.Covers(_epoch, t->WarpEpoch, t->Linear);

    [MethodImpl(MethodImplOptions.NoInlining)]
    void TouchGlobal(nuint address, int bytes, int site, ThreadFrame* t, Access access)
    {
        if (address - _last.Start >= _last.Bytes)
        {
            Region? found = null;
            for (int k = 1; k < _regions.Count && found is null; k++)
                if (address - _regions[k].Start < _regions[k].Bytes) found = _regions[k];
            if (found is null) return;
            _last = found;
        }
        var cell = _last.Cells + ((address - _last.Start) >> _shift);
        if (access == Access.Read && bytes == _granule && cell->Write.IsEmpty && cell->Atomics.IsEmpty && IsOldNews(cell, t)) return;
        Visit(cell, address, bytes, site, t, access, isShared: false);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    void Visit(ShadowCell* cell, nuint address, int bytes, int site, ThreadFrame* t, Access access, bool isShared)
    {
        var mine = new ShadowRecord(_epoch, site, t->WarpEpoch, t->Linear);
        for (int done = 0; done < bytes; done += _granule, cell++)
        {
            if (isShared)
            {
                if (access != Access.Write && cell->Write.Epoch < _firstEpoch && cell->Atomics.Epoch < _firstEpoch) ReportUnwritten(site, t, address + (nuint)done);
            }
            else CheckOtherGroups(cell, address + (nuint)done, site, t, access);

            if (cell->Write.IsSimultaneous(mine)) ReportRace(cell->Write, "written", site, t, address + (nuint)done, access);
            if (access != Access.Atomic && cell->Atomics.IsSimultaneous(mine)) ReportRace(cell->Atomics, "updated atomically", site, t, address + (nuint)done, access);
            if (access != Access.Read && cell->Reads.IsSimultaneous(mine)) ReportRace(cell->Reads, "read", site, t, address + (nuint)done, access);
            Remember(cell, mine, access, isShared);
        }
    }

    bool IsEarlierGroup(ShadowRecord record) => !record.IsEmpty && record.Epoch < _firstEpoch;

    void CheckOtherGroups(ShadowCell* cell, nuint address, int site, ThreadFrame* t, Access access)
    {
        if (IsEarlierGroup(cell->Write)) ReportRace(cell->Write, "written", site, t, address, access);
        var atomics = IsEarlierGroup(cell->Atomics) ? cell->Atomics : cell->Earlier.MarksAtomics ? cell->Earlier : default;
        if (access != Access.Atomic && !atomics.IsEmpty) ReportRace(atomics, "updated atomically", site, t, address, access);
        var reads = IsEarlierGroup(cell->Reads) ? cell->Reads : cell->Earlier.MarksAtomics ? default : cell->Earlier;
        if (access != Access.Read && !reads.IsEmpty) ReportRace(reads, "read", site, t, address, access);
    }

    void Remember(ShadowCell* cell, ShadowRecord mine, Access access, bool isShared)
    {
        switch (access)
        {
            case Access.Write:
                cell->Write = mine;
                break;
            case Access.Read:
                if (!isShared && IsEarlierGroup(cell->Reads)) cell->Earlier = cell->Reads;
                cell->Reads = cell->Reads.Joined(mine);
                break;
            default:
                if (!isShared && IsEarlierGroup(cell->Atomics)) cell->Earlier = cell->Atomics.AsAtomics();
                cell->Atomics = cell->Atomics.Joined(mine);
                break;
        }
    }

    void ReportUnwritten(int site, ThreadFrame* t, nuint address)
    {
        if (!_reported.Add((site, -1, ""))) return;
        _findings.Add($"{Head(site)}: thread {_group.ThreadName(t->Linear)} of group {_group.GroupName} reads {Place(address)}, which the group has never written");
    }

    void ReportRace(ShadowRecord other, string done, int site, ThreadFrame* t, nuint address, Access access)
    {
        if (!_reported.Add((site, other.Site, done))) return;
        string doing = access switch { Access.Read => "reads", Access.Write => "writes", _ => "atomically updates" };
        string whom = other.Epoch < _firstEpoch ? $"thread {_group.ThreadName(other.Thread)} of group {GroupOf(other.Epoch)}"
            : other.Thread == t->Linear ? "another thread of the group" : $"thread {_group.ThreadName(other.Thread)}";
        string why = other.Epoch < _firstEpoch ? "nothing orders two groups" : "no barrier lies between";
        _findings.Add($"{Head(site)}: race: thread {_group.ThreadName(t->Linear)} of group {_group.GroupName} {doing} {Place(address)}, {done} by {whom} at {_code.Sites[other.Site]}; {why}");
    }

    string Head(int site) => $"{MethodNames.Of(_code.Kernel)}: {_code.Sites[site]}";

    string Place(nuint address) => _group.Memory.Describe(address, _code) ?? _views.Describe(address);

    string GroupOf(uint epoch) => _groups.Last(g => g.FirstEpoch <= epoch).Name;

    public void Dispose()
    {
        foreach (var region in _regions) NativeMemory.Free(region.Cells);
    }
}
