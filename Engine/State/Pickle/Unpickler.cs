using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace IlgpuXai.Engine;

/// <summary>Python's pickle, protocols 1 to 5, as far as tensors and plain values need it: no instruction of it can run anything.</summary>
/// <remarks>
/// A pickle is a program for a machine with a stack. Python's calls what the program names; this one knows the few functions of <see cref="PickledGlobals"/> and refuses every
/// other name. Nothing recurses, references stay references, instructions are counted, and what one makes is not larger than itself, so time and memory are bounded; what a
/// function copies is counted too (<see cref="Copies"/>).
/// <para>Instructions: Python's <c>Lib/pickletools.py</c>.</para>
/// </remarks>
sealed class Unpickler(ReadOnlyMemory<byte> pickle)
{
    const int HighestProtocol = 5, LongestName = 1000, LongestNumber = 255, MostInstructions = 1 << 22;

    readonly List<object?> _stack = [];
    readonly Stack<int> _marks = new();
    readonly Dictionary<long, object?> _memo = [];
    int _at, _instructions;
    long _copied;

    /// <summary>The storages that were named, by their keys.</summary>
    public Dictionary<string, PickledStorage> Storages { get; } = new(StringComparer.Ordinal);

    /// <summary>Where the next pickle, or what follows the last, begins.</summary>
    public int Position => _at;

    /// <summary>Reads one pickle, from <see cref="Position"/> to its end.</summary>
    /// <exception cref="FormatException">It is damaged, or asks for what is refused.</exception>
    public object? Load()
    {
        _stack.Clear();
        _marks.Clear();
        _memo.Clear();
        while (true)
        {
            if (++_instructions > MostInstructions) throw new FormatException($"is a pickle of more than {MostInstructions} instructions");
            byte op = Take(1)[0];
            if (op == '.') return Pop();
            if (!Literal(op) && !Container(op) && !Memory(op)) Object(op);
        }
    }

    /// <summary>Counts what is copied for the pickle, so that copies of copies end.</summary>
    public void Copies(long items)
    {
        if ((_copied += items) > pickle.Length) throw new FormatException("is a pickle that multiplies what it holds");
    }

    bool Literal(byte op)
    {
        switch (op)
        {
            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case (byte)'K': Push((long)Take(1)[0]); break;
            case (byte)'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case (byte)'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case (byte)'I': PushNumber(Line()); break;
            case (byte)'L': PushNumber(Line().TrimEnd('L')); break;
            case 0x8a: PushNumber(new BigInteger(Take(Length1()))); break;
            case 0x8b: PushNumber(new BigInteger(Take(Length4() is var n and <= LongestNumber ? n : throw Damaged("holds a number that is too long")))); break;
            case 0x8c: Push(Text(Length1())); break;
            case (byte)'X': Push(Text(Length4())); break;
            case 0x8d: Push(Text(Length8())); break;
            case (byte)'U': Push(Text(Length1())); break;                       // Python 2's strings
            case (byte)'T': Push(Text(Length4())); break;
            case (byte)'C': Push(Take(Length1()).ToArray()); break;
            case (byte)'B': Push(Take(Length4()).ToArray()); break;
            case 0x8e or 0x96: Push(Take(Length8()).ToArray()); break;
            default: return false;
        }
        return true;
    }

    bool Container(byte op)
    {
        switch (op)
        {
            case (byte)'(': _marks.Push(_stack.Count); break;
            case (byte)'}': Push(new PickledDictionary()); break;
            case (byte)']' or 0x8f: Push(new List<object?>()); break;
            case (byte)')': Push(Array.Empty<object?>()); break;
            case 0x85: Push(Tuple(1)); break;
            case 0x86: Push(Tuple(2)); break;
            case 0x87: Push(Tuple(3)); break;
            case (byte)'t': Push(SinceMark()); break;
            case (byte)'l' or 0x91: Push(new List<object?>(SinceMark())); break;
            case (byte)'d': Push(Filled(new PickledDictionary(), SinceMark())); break;
            case (byte)'a': Append(Tuple(1)); break;
            case (byte)'e' or 0x90: Append(SinceMark()); break;
            case (byte)'s': SetItems(Tuple(2)); break;
            case (byte)'u': SetItems(SinceMark()); break;
            default: return false;
        }
        return true;
    }

    bool Memory(byte op)
    {
        switch (op)
        {
            case 0x80:
                if (Take(1)[0] is var version and > HighestProtocol) throw new FormatException($"is a pickle of protocol {version}; up to {HighestProtocol} are read");
                break;
            case 0x95: _ = BinaryPrimitives.ReadUInt64LittleEndian(Take(8)); break;     // a frame: where reads may be joined
            case (byte)'0': Pop(); break;
            case (byte)'1': SinceMark(); break;
            case (byte)'2': Push(Peek()); break;
            case (byte)'q': _memo[Take(1)[0]] = Peek(); break;
            case (byte)'r': _memo[Length4()] = Peek(); break;
            case 0x94: _memo[_memo.Count] = Peek(); break;
            case (byte)'h': Push(Remembered(Take(1)[0])); break;
            case (byte)'j': Push(Remembered(Length4())); break;
            default: return false;
        }
        return true;
    }

    void Object(byte op)
    {
        switch (op)
        {
            case (byte)'c': Push(PickledGlobals.Find($"{Line()}.{Line()}", MakesAnObject())); break;
            case 0x93:
                object? name = Pop(), module = Pop();
                if (module is not string || name is not string) throw Damaged("names a class by something that is no text");
                Push(PickledGlobals.Find($"{module}.{name}", MakesAnObject()));
                break;
            case (byte)'R':
                object? arguments = Pop(), function = Pop();
                if (arguments is not object?[] given) throw Damaged("calls a function without a tuple of arguments");
                Push(function is PickledFunction f ? f.Call(this, given) : throw PickledGlobals.Refused(PickledGlobals.Describe(function)));
                break;
            case (byte)'Q': Push(PickledTensors.Storage(Pop(), Storages)); break;
            case (byte)'P': throw PickledGlobals.Refused($"the persistent id '{PickledGlobals.Shown(Line())}'");
            case (byte)'b': SetState(Pop(), Peek()); break;
            case (byte)'i': throw PickledGlobals.RefusedObject($"{Line()}.{Line()}");
            case (byte)'o': throw PickledGlobals.RefusedObject(PickledGlobals.Describe(SinceMark().FirstOrDefault()));
            case 0x81 or 0x92: throw PickledGlobals.RefusedObject(PickledGlobals.Describe(Tuple(op == 0x81 ? 2 : 3)[0]));
            case 0x82 or 0x83 or 0x84: throw PickledGlobals.Refused("an object by the number of its class in copyreg");
            default: throw Damaged($"holds the instruction 0x{op:x2}, which is not read");
        }
    }

    // The attributes that PyTorch gives a dictionary (_metadata: versions of modules) say nothing about its tensors.
    static void SetState(object? state, object? target)
    {
        if (target is not PickledDictionary || state is not (PickledDictionary or object?[])) throw PickledGlobals.Refused($"the state of {PickledGlobals.Describe(target)}");
    }

    void Append(object?[] items)
    {
        if (Peek() is not List<object?> list) throw Damaged("appends to something that is no list");
        list.AddRange(items);
    }

    void SetItems(object?[] items) => Filled(Peek() as PickledDictionary ?? throw Damaged("sets items of something that is no dictionary"), items);

    static PickledDictionary Filled(PickledDictionary dictionary, object?[] items)
    {
        if (items.Length % 2 != 0) throw new FormatException("is a damaged pickle: a key lacks its value");
        for (int i = 0; i < items.Length; i += 2) dictionary.Set(items[i], items[i + 1]);
        return dictionary;
    }

    void Push(object? value) => _stack.Add(value);

    object? Pop() => Tuple(1)[0];

    object? Peek()
    {
        NeedItems(1);
        return _stack[^1];
    }

    object? Remembered(long index) => _memo.TryGetValue(index, out object? value) ? value : throw Damaged($"recalls item {index}, which it never stored");

    object?[] Tuple(int count)
    {
        NeedItems(count);
        return Cut(_stack.Count - count);
    }

    object?[] SinceMark() => _marks.TryPop(out int mark) ? Cut(mark) : throw Damaged("closes what it never opened");

    object?[] Cut(int from)
    {
        object?[] items = CollectionsMarshal.AsSpan(_stack)[from..].ToArray();
        _stack.RemoveRange(from, _stack.Count - from);
        return items;
    }

    void NeedItems(int count)
    {
        if (_stack.Count - (_marks.TryPeek(out int mark) ? mark : 0) < count) throw Damaged("takes more from its stack than is there");
    }

    ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > pickle.Length - _at) throw new FormatException("is a truncated pickle");
        var bytes = pickle.Span.Slice(_at, (int)count);
        _at += (int)count;
        return bytes;
    }

    long Length1() => Take(1)[0];
    long Length4() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
    long Length8() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    // What Python 2 wrote as bytes may not be UTF-8; a wrong letter in a name is harmless.
    string Text(long length) => Encoding.UTF8.GetString(Take(length));

    string Line()
    {
        var rest = pickle.Span[_at..];
        int length = rest[..Math.Min(rest.Length, LongestName)].IndexOf((byte)'\n');
        if (length < 0) throw Damaged("holds a line that does not end");
        _at += length + 1;
        return Encoding.UTF8.GetString(rest[..length]);
    }

    void PushNumber(BigInteger value)
    {
        if (value >= long.MinValue && value <= long.MaxValue) Push((long)value);
        else Push(value);
    }

    // Protocol 1 writes booleans as the numbers 00 and 01.
    void PushNumber(string text)
    {
        if (text is "00" or "01") Push(text == "01");
        else PushNumber(BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : throw Damaged("holds a number that is none"));
    }

    // What follows a class where an object of it is made: its place in the memo, no arguments, NEWOBJ. Before PyTorch 1.6 the class's source came along, behind the word module.
    bool MakesAnObject()
    {
        if (_stack is [.., "module"]) return true;
        var rest = pickle.Span[_at..];
        if (rest is [(byte)'q', _, ..]) rest = rest[2..];
        else if (rest is [(byte)'r', _, _, _, _, ..]) rest = rest[5..];
        else if (rest is [0x94, ..]) rest = rest[1..];
        return rest is [(byte)')', 0x81, ..];
    }

    FormatException Damaged(string what) => new($"is a damaged pickle: at byte {_at} it {what}");
}
