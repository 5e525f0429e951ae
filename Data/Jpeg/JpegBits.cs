using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace IlgpuXai.Data;

/// <summary>The bits of one scan: zeros stuffed after FF removed, markers never crossed, restart markers taken when asked for.</summary>
/// <remarks>
/// Beyond the end of its data a scan reads zeros, so that inner loops need not look; <see cref="Check"/> says whether that happened. A caller that keeps <see cref="Buffer"/> and
/// <see cref="Count"/> in registers writes them back before <see cref="Fill"/>.
/// </remarks>
ref struct JpegBits(ReadOnlySpan<byte> data, int at, string name)
{
    readonly ReadOnlySpan<byte> _data = data;
    readonly string _name = name;
    int _at = at;
    int _invented;

    /// <summary>The next bits, the first in the highest place.</summary>
    public ulong Buffer;

    /// <summary>How many bits of the buffer are read already.</summary>
    public int Count;

    /// <summary>Where the marker after the scan begins; valid after <see cref="Finish"/>.</summary>
    public readonly int Position => _at;

    /// <summary>Makes <see cref="Count"/> at least 56.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public void Fill()
    {
        if (_at + 8 <= _data.Length)
        {
            ulong next = BinaryPrimitives.ReadUInt64BigEndian(_data[_at..]), inverted = ~next;
            if (((inverted - 0x0101010101010101) & next & 0x8080808080808080) == 0)           // none of the bytes is FF
            {
                Buffer |= next >> Count;
                int bytes = (63 - Count) >> 3;
                _at += bytes;
                Count += 8 * bytes;
                return;
            }
        }
        for (; Count <= 56; Count += 8) Buffer |= (ulong)Next() << (56 - Count);
    }

    byte Next()
    {
        if (_at < _data.Length && _data[_at] != 0xFF) return _data[_at++];
        if (_at + 1 < _data.Length && _data[_at + 1] == 0)
        {
            _at += 2;
            return 0xFF;
        }
        _invented += 8;
        return 0;
    }

    public int Bits(int count)
    {
        if (count == 0) return 0;
        if (Count < count) Fill();
        int value = (int)(Buffer >> (64 - count));
        Skip(count);
        return value;
    }

    public void Skip(int count)
    {
        Buffer <<= count;
        Count -= count;
    }

    public int Symbol(JpegHuffman table)
    {
        if (Count < 16) Fill();
        int entry = table.Symbols[Buffer >> (64 - JpegHuffman.LookupBits)];
        if (entry == 0) entry = Long(table, Buffer);
        Skip(entry >> 8);
        return entry & 255;
    }

    /// <summary>The value of so many bits, extended by its sign.</summary>
    public int Signed(int size) => size == 0 ? 0 : JpegHuffman.Extend(Bits(size), size);

    /// <summary>A code longer than the tables look up.</summary>
    public readonly int Long(JpegHuffman table, ulong bits)
    {
        int entry = table.Search(bits);
        return entry != 0 ? entry : throw Damaged("its image data holds a code that no table has");
    }

    /// <summary>To be thrown where bits make no sense; refuses a scan that has read beyond its data for that reason, which is the first.</summary>
    public readonly DataException Damaged(string reason)
    {
        Check();
        return new(_name, $"is damaged: {reason}");
    }

    /// <summary>Refuses a scan that has read beyond its data.</summary>
    public readonly void Check()
    {
        if (Count >= _invented) return;
        if (_at + 1 >= _data.Length) throw new DataException(_name, "is truncated: its image data ends early");
        throw new DataException(_name, $"is damaged: its image data ends early, at the marker FF{_data[_at + 1]:X2}");
    }

    /// <summary>To be called where the data of a scan should end. Bytes left over before the next marker are passed over, as libjpeg does: some cameras and editors leave some.</summary>
    public void Finish()
    {
        Check();
        while (_at + 1 < _data.Length && !IsAtMarker) _at++;
        if (!IsAtMarker) throw new DataException(_name, "is truncated: it ends within its image data");
    }

    readonly bool IsAtMarker => _at + 1 < _data.Length && _data[_at] == 0xFF && _data[_at + 1] is not (0 or 0xFF);

    /// <summary>Ends an interval and takes the restart marker of this number, 0–7, that has to follow.</summary>
    public void Restart(int number)
    {
        int unread = Count - _invented, before = _at;
        Finish();
        // Within a scan, more data than an interval needs is a sign that the decoder is lost.
        if (unread >= 8 || _data[before.._at].ContainsAnyExcept((byte)0xFF)) throw new DataException(_name, "is damaged: it holds more image data than its size needs");
        if (_data[_at + 1] != 0xD0 + number) throw new DataException(_name, $"is damaged: the restart marker FF{0xD0 + number:X2} was expected, FF{_data[_at + 1]:X2} found");
        _at += 2;
        (Buffer, Count, _invented) = (0, 0, 0);
    }
}
