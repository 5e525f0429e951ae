using System.Diagnostics;
using IlgpuXai.Engine;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Checkpoints that want more than to be read: each is one line, and nothing runs, grows or hangs.</summary>
sealed class PickleRefusalTests
{
    const string Only = ": a checkpoint may hold tensors and plain values only";
    const string Module = Only + "; if this is a whole module, save model.state_dict() of it instead";

    TempFolder _folder = null!;

    [SetUp] public void Make() => _folder = new();
    [TearDown] public void Remove() => _folder.Dispose();

    // \xNN is a byte, everything else a letter.
    static byte[] Bytes(string text)
    {
        var bytes = new List<byte>();
        for (int i = 0; i < text.Length; i++)
            if (text[i] == '\\')
            {
                bytes.Add(Convert.ToByte(text.Substring(i + 2, 2), 16));
                i += 3;
            }
            else bytes.Add((byte)text[i]);
        return [.. bytes];
    }

    static readonly byte[] s_head = Bytes(@"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}.");

    static readonly (string Name, string Pickle, string Reason)[] Hostile =
    [
        ("os.system called", "cos\nsystem\nX\\x04\\x00\\x00\\x00echo\\x85R.", "refuses to load os.system" + Only),
        ("posix.system", @"\x80\x02cposix" + "\nsystem\n.", "refuses to load posix.system" + Only),
        ("builtins.eval by the stack", @"\x80\x04\x8c\x08builtins\x8c\x04eval\x93.", "refuses to load builtins.eval" + Only),
        ("getattr", "c__builtin__\ngetattr\n.", "refuses to load __builtin__.getattr" + Only),
        ("torch.hub", "ctorch.hub\nload\n.", "refuses to load torch.hub.load" + Only),
        ("torch.load", "ctorch\nload\n.", "refuses to load torch.load" + Only),
        ("a name inside a known module", "ctorch._utils\n_import_dotted_name\n.", "refuses to load torch._utils._import_dotted_name" + Only),
        ("a known name with a dot more", "ccollections\nOrderedDict.fromkeys\n.", "refuses to load collections.OrderedDict.fromkeys" + Only),
        ("copyreg", "ccopyreg\n_reconstructor\n.", "refuses to load copyreg._reconstructor" + Only),
        ("a class of copyreg's registry", @"\x82\x01.", "refuses to load an object by the number of its class in copyreg" + Only),
        ("instance, protocol 0", "(ios\nsystem\n.", "refuses to load an object of os.system" + Module),
        ("object, protocol 1", "(ccollections\nOrderedDict\no.", "refuses to load an object of collections.OrderedDict" + Module),
        ("new object", "ccollections\nOrderedDict\n)\\x81.", "refuses to load an object of collections.OrderedDict" + Module),
        ("new object with names", "ctorch\nSize\n)}\\x92.", "refuses to load an object of torch.Size" + Module),
        ("object of a class", "c__main__\nNet\nq\\x01)\\x81.", "refuses to load an object of __main__.Net" + Module),
        ("state of a function", "ctorch\nSize\n}b.", "refuses to load the state of torch.Size" + Only),
        ("state of a list", "]}b.", "refuses to load the state of a list" + Only),
        ("call of a text", "X\\x01\\x00\\x00\\x00x)R.", "refuses to load a text" + Only),
        ("call of a tensor's type", "ctorch\nfloat32\n)R.", "refuses to load a number" + Only),
        ("call without a tuple", "ctorch\nSize\nNR.", "is a damaged pickle: at byte "),
        ("persistent id in text", "Pstorage\n.", "refuses to load the persistent id 'storage'" + Only),
        ("persistent id of another kind", "X\\x03\\x00\\x00\\x00tagK\\x01\\x86Q.", "refuses to load a persistent id that is no storage" + Only),
        ("persistent id that is a number", @"K\x01Q.", "refuses to load a persistent id that is no storage" + Only),
        ("name of control characters", "cos\\x07\\x1b\nx\n.", "refuses to load os??.x" + Only),
        ("buffers outside the file", @"\x97.", "is a damaged pickle: at byte 26 it holds the instruction 0x97, which is not read"),
        ("protocol 6", @"\x80\x06.", "is a pickle of protocol 6; up to 5 are read"),
        ("empty stack", ".", "is a damaged pickle: at byte 26 it takes more from its stack than is there"),
        ("below a mark", "N(.", "is a damaged pickle: at byte 28 it takes more from its stack than is there"),
        ("mark that is not there", "t.", "is a damaged pickle: at byte 26 it closes what it never opened"),
        ("memory that is not there", @"h\x05.", "is a damaged pickle: at byte 27 it recalls item 5, which it never stored"),
        ("text of 4 GB", @"X\xff\xff\xff\xff.", "is a truncated pickle"),
        ("text of 2⁶³ bytes", @"\x8d\xff\xff\xff\xff\xff\xff\xff\x7f.", "is a truncated pickle"),
        ("text of a negative length", @"\x8d\xff\xff\xff\xff\xff\xff\xff\xff.", "is a truncated pickle"),
        ("number of 300 bytes", @"\x8b\x2c\x01\x00\x00.", "is a damaged pickle: at byte 30 it holds a number that is too long"),
        ("line without end", "cos", "is a damaged pickle: at byte 26 it holds a line that does not end"),
        ("key without value", "(Nd.", "is a damaged pickle: a key lacks its value"),
        ("items of a list", "]NNs.", "is a damaged pickle: at byte 29 it sets items of something that is no dictionary"),
        ("append to a dictionary", "}Na.", "is a damaged pickle: at byte 28 it appends to something that is no list"),
        ("tensor of nothing", "ctorch._utils\n_rebuild_tensor_v2\n)R.", "is a damaged pickle: a tensor without storage, offset, sizes and strides"),
        ("rebuilt by something else", "ctorch._tensor\n_rebuild_from_type_v2\n)R.", "is a damaged pickle: a tensor that is rebuilt from nothing"),
        ("a number", @"K\x01.", "holds a number where a dictionary of tensors was expected: save model.state_dict()"),
        ("nothing in it", "}.", "holds no tensors"),
        ("no tensors in it", "}X\\x05\\x00\\x00\\x00epochK\\x01s.", "holds no dictionary of tensors, but epoch"),
        ("itself in itself", "}q\\x00X\\x05\\x00\\x00\\x00modelh\\x00s.", "holds no dictionary of tensors, but model"),
    ];

    static IEnumerable<TestCaseData> HostileCases => Hostile.Select(h => new TestCaseData(Bytes(h.Pickle), h.Reason).SetArgDisplayNames(h.Name));

    [TestCaseSource(nameof(HostileCases))]
    public void What_a_pickle_may_not_is_one_line(byte[] pickle, string reason)
    {
        string path = _folder.Write("w.pth", [.. s_head, .. pickle]);
        var message = Assert.Throws<StateFileException>(() => StateFile.Open(path).Dispose())!.Message;
        Assert.That(message, reason.EndsWith(Only, StringComparison.Ordinal) || reason.EndsWith(Module, StringComparison.Ordinal) ? Is.EqualTo($"{path}: {reason}") : Does.StartWith($"{path}: {reason}"));
        Assert.That(message, Does.Not.Contain("\n"));
    }

    // storage of `count` float32 (key "0"), offset, sizes, strides, then the end of the pickle, the list of keys and the storage itself
    static byte[] Tensor(string sizes, string strides, string offset = "K\\x00", int count = 6, int there = 6) =>
    [
        .. s_head, .. Bytes("}X\\x01\\x00\\x00\\x00wctorch._utils\n_rebuild_tensor\n((X\\x07\\x00\\x00\\x00storagectorch\nFloatStorage\nX\\x01\\x00\\x00\\x000X\\x03\\x00\\x00\\x00cpu"),
        (byte)'J', .. BitConverter.GetBytes(count), .. Bytes($"tQ{offset}({sizes}t({strides}ttRs."), .. Bytes(@"]X\x01\x00\x00\x000a."), .. BitConverter.GetBytes((long)count), .. new byte[4 * there],
    ];

    static readonly (string Name, string Sizes, string Strides, string Offset, string Reason)[] Impossible =
    [
        ("beyond the end", "K\\x02K\\x03", "K\\x04K\\x01", "K\\x00", "'w' [2, 3] reaches to number 6 of 6 that are stored"),
        ("offset beyond the end", "K\\x01", "K\\x01", "K\\x07", "'w' begins at number 7 of 6"),
        ("offset at the end", "K\\x01", "K\\x01", "K\\x06", "'w' [1] reaches to number 6 of 6 that are stored"),
        ("negative offset", "K\\x01", "K\\x01", "J\\xff\\xff\\xff\\xff", "'w' begins at number -1 of 6"),
        ("negative stride", "K\\x02", "J\\xff\\xff\\xff\\xff", "K\\x05", "'w' has a stride of -1"),
        ("negative size", "J\\xff\\xff\\xff\\xff", "K\\x01", "K\\x00", "'w' has an axis of size -1"),
        ("sizes without strides", "K\\x02K\\x03", "K\\x01", "K\\x00", "'w' has 2 sizes and 1 strides"),
        ("repeated without end", "J\\xff\\xff\\xff\\x7f", "K\\x00", "K\\x00", "'w' [2147483647] repeats 6 stored numbers more often than is read"),
        ("too many elements", "J\\xff\\xff\\xff\\x7fK\\x02", "K\\x00K\\x00", "K\\x00", "'w' [2147483647, 2] has more than 2147483647 elements"),
        ("strides that overflow", "K\\x03K\\x03", @"\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7fK\x01", "K\\x00", "'w' [3, 3] reaches to number 18446744073709551616 of 6 that are stored"),
    ];

    static IEnumerable<TestCaseData> ImpossibleCases => Impossible.Select(i => new TestCaseData(i.Sizes, i.Strides, i.Offset, i.Reason).SetArgDisplayNames(i.Name));

    [TestCaseSource(nameof(ImpossibleCases))]
    public void A_tensor_that_cannot_be_is_refused(string sizes, string strides, string offset, string reason)
    {
        string path = _folder.Write("w.pth", Tensor(sizes, strides, offset));
        Assert.That(() => StateFile.Open(path).Dispose(), Throws.TypeOf<StateFileException>().With.Message.EqualTo($"{path}: {reason}"));
    }

    [Test]
    public void The_same_file_with_a_tensor_that_can_be_is_read()
    {
        using var file = StateFile.Open(_folder.Write("w.pth", Tensor("K\\x02K\\x03", "K\\x03K\\x01")));
        Assert.That(file.Read("w"), Is.EqualTo(new float[6]));
    }

    [Test]
    public void A_storage_that_is_cut_off_or_of_another_size_is_refused()
    {
        string path = _folder.Write("w.pth", Tensor("K\\x01", "K\\x01", there: 5));
        Assert.That(() => StateFile.Open(path).Dispose(), Throws.TypeOf<StateFileException>().With.Message.EqualTo($"{path}: is truncated inside storage 0"));
        byte[] content = Tensor("K\\x01", "K\\x01");
        content[^(24 + 8)] = 7;
        _folder.Write("w.pth", content);
        Assert.That(() => StateFile.Open(path).Dispose(), Throws.TypeOf<StateFileException>().With.Message.EqualTo($"{path}: is damaged: storage 0 has 7 numbers, 6 were expected"));
    }

    // Each would take far more than the seconds and megabytes allowed if it were carried out as it asks.
    static IEnumerable<TestCaseData> Bombs()
    {
        // Lists of two lists of two lists …: 2⁶⁰ items to whoever walks them.
        static string Level(int i) => $"(h\\x{i:x2}h\\x{i:x2}lq\\x{i + 1:x2}0";
        yield return new TestCaseData(Bytes("]q\\x000" + string.Concat(Enumerable.Range(0, 60).Select(Level)) + "h\\x3c.")).SetArgDisplayNames("billion laughs");
        yield return new TestCaseData(Bytes(string.Concat(Enumerable.Repeat("]", 400_000)) + string.Concat(Enumerable.Repeat("a", 399_999)) + ".")).SetArgDisplayNames("400,000 lists one inside the other");
        yield return new TestCaseData(Bytes("]" + string.Concat(Enumerable.Repeat("(", 1_000_000)) + ".")).SetArgDisplayNames("a million marks");
        yield return new TestCaseData(Bytes("ccollections\nOrderedDict\nq\\x000(" + string.Concat(Enumerable.Repeat("NN\\x86", 20_000)) + "l\\x85q\\x010" + string.Concat(Enumerable.Repeat("h\\x00h\\x01R0", 20_000)) + "}."))
            .SetArgDisplayNames("a dictionary of 20,000 pairs made 20,000 times");
        yield return new TestCaseData(Bytes("c_codecs\nencode\nq\\x000X\\x40\\x42\\x0f\\x00" + new string('x', 1_000_000) + "X\\x06\\x00\\x00\\x00latin1\\x86q\\x010" + string.Concat(Enumerable.Repeat("h\\x00h\\x01R", 20_000)) + "."))
            .SetArgDisplayNames("a megabyte encoded 20,000 times");
        yield return new TestCaseData(Bytes(string.Concat(Enumerable.Repeat("}0", 2_200_000)) + "}.")).SetArgDisplayNames("millions of instructions");
    }

    [TestCaseSource(nameof(Bombs))]
    public void What_would_multiply_stays_small(byte[] pickle)
    {
        string path = _folder.Write("w.pth", [.. s_head, .. pickle]);
        long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
        Assert.That(() => StateFile.Open(path).Dispose(), Throws.TypeOf<StateFileException>());
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1L << 29));
        Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(TimeSpan.FromSeconds(10)));
    }
}
