namespace IlgpuXai.Kernels;

/// <summary>What a step reads: maps as they are, or parts of maps with changes laid over them, as if these lay side by side.</summary>
/// <remarks>Image i is the H × W places of map Parts[i].Map from Parts[i].At on. Where change i lies, from Parts[i].ChangedAt on, its values count; outside the map there is nothing.</remarks>
public readonly record struct PatchedMaps
{
    PatchedMaps(BlockedMaps maps) => (Maps, H, W) = (maps, maps.H, maps.W);

    /// <param name="changes">One for each part, or default for none.</param>
    /// <exception cref="ShapeException">A part of no map, or changes that do not fit.</exception>
    public PatchedMaps(BlockedMaps maps, BlockedMaps changes, MapPart[] parts, int h, int w)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (changes.N > 0 && (changes.N != parts.Length || changes.C != maps.C)) throw new ShapeException($"{changes.N} changes of {changes.C} channels do not fit {parts.Length} parts of {maps.C}");
        foreach (var part in parts)
            if ((uint)part.Map >= (uint)maps.N) throw new ShapeException($"part of map {part.Map} of {maps.N}");
        (Maps, Changes, Parts, H, W) = (maps, changes, parts, h, w);
    }

    /// <summary>As they are.</summary>
    public static implicit operator PatchedMaps(BlockedMaps maps) => new(maps);

    public BlockedMaps Maps { get; }
    public BlockedMaps Changes { get; }

    /// <summary>null: the maps as they are.</summary>
    public MapPart[]? Parts { get; }

    /// <summary>The maps, where they are read as they are.</summary>
    public BlockedMaps Plain => Parts is null ? Maps : throw new InvalidOperationException("parts of maps have to be gathered first");

    public int N => Parts?.Length ?? Maps.N;
    public int C => Maps.C;
    public int H { get; }
    public int W { get; }
    public int Blocks => Maps.Blocks;
}

/// <summary>A place of one of some maps, and the place of a change.</summary>
public readonly record struct MapPart(int Map, Pixel At, Pixel ChangedAt);

/// <summary>Where the values of <see cref="PatchedMaps"/> lie.</summary>
readonly unsafe struct PatchedRows(PatchedMaps x)
{
    const int Lanes = BlockedMaps.Lanes;

    readonly MapPart[]? _parts = x.Parts;
    readonly float* _maps = x.Maps.Start, _changes = x.Changes.N > 0 ? x.Changes.Start : null;
    readonly nint _step = x.Maps.Step, _changeStep = x.Changes.Step;
    readonly int _h = x.H, _w = x.W, _mapH = x.Maps.H, _mapW = x.Maps.W, _changeH = x.Changes.H, _changeW = x.Changes.W;

    /// <summary>Row y of image n; no columns where it lies outside.</summary>
    public Row Of(int block, int n, int y)
    {
        var part = _parts is null ? new(n, default, default) : _parts[n];
        int row = y + part.At.Y, left = part.At.X, changed = row - part.ChangedAt.Y;
        if ((uint)y >= (uint)_h || (uint)row >= (uint)_mapH) return default;
        int first = Math.Clamp(-left, 0, _w), last = Math.Clamp(_mapW - left, first, _w), from = last, to = last;
        float* map = _maps + block * _step + (((nint)part.Map * _mapH + row) * _mapW + left) * Lanes, change = null;
        if ((uint)changed < (uint)_changeH)
        {
            int ahead = part.ChangedAt.X - left;
            (from, to) = (Math.Clamp(ahead, first, last), Math.Clamp(ahead + _changeW, first, last));
            change = _changes + block * _changeStep + (((nint)n * _changeH + changed) * _changeW - ahead) * Lanes;
        }
        return new(map, change, first, from, to, last);
    }

    /// <summary>Where a square of image n begins that lies within one map or one change; else null.</summary>
    public float* Square(int block, int n, int y, int x, int side, out nint rowStep)
    {
        rowStep = (nint)_mapW * Lanes;
        if (y < 0 || x < 0 || y + side > _h || x + side > _w) return null;
        if (_parts is null) return _maps + block * _step + (((nint)n * _mapH + y) * _mapW + x) * Lanes;
        var part = _parts[n];
        int row = y + part.At.Y, column = x + part.At.X, changedRow = row - part.ChangedAt.Y, changedColumn = column - part.ChangedAt.X;
        if (changedRow >= 0 && changedColumn >= 0 && changedRow + side <= _changeH && changedColumn + side <= _changeW)
        {
            rowStep = (nint)_changeW * Lanes;
            return _changes + block * _changeStep + (((nint)n * _changeH + changedRow) * _changeW + changedColumn) * Lanes;
        }
        bool apart = changedRow + side <= 0 || changedColumn + side <= 0 || changedRow >= _changeH || changedColumn >= _changeW;
        if (!apart || row < 0 || column < 0 || row + side > _mapH || column + side > _mapW) return null;
        return _maps + block * _step + (((nint)part.Map * _mapH + row) * _mapW + column) * Lanes;
    }

    /// <summary>Column x of a row at Map + 16·x from First to Last, but at Change + 16·x from ChangedFirst to ChangedLast; the last of each is excluded.</summary>
    public readonly struct Row(float* map, float* change, int first, int changedFirst, int changedLast, int last)
    {
        public readonly float* Map = map, Change = change;
        public readonly int First = first, ChangedFirst = changedFirst, ChangedLast = changedLast, Last = last;
    }
}
