using System.Buffers.Binary;
using System.Text;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

sealed class SafetensorsTests
{
    string _folder = "";

    [SetUp]
    public void Make_folder() => _folder = Directory.CreateTempSubdirectory("safetensors").FullName;

    [TearDown]
    public void Remove_folder() => Directory.Delete(_folder, recursive: true);

    string At(string name) => Path.Combine(_folder, name);

    [Test]
    public void What_is_written_is_read_back()
    {
        float[] values = [1.5f, -0.25f, float.NaN, float.PositiveInfinity, 65504, 0];
        var writer = new SafetensorsWriter { Metadata = { ["note"] = "“quoted” \n line", ["empty"] = "" } };
        writer.Add("bytes", [3], [0, 127, 255]);
        writer.Add("f32", [2, 3], values);
        writer.Add("f64", [6], values, DType.F64);
        writer.Add("f16", [3, 2], values, DType.F16);
        writer.Add("one", [], [42f]);
        writer.Add("none", [2, 0], ReadOnlySpan<float>.Empty);
        writer.Add("long", [2], [-5L, 1L << 40]);
        writer.Write(At("a.safetensors"));

        using var file = SafetensorsFile.Open(At("a.safetensors"));
        Assert.That(file.Names, Is.EquivalentTo(new[] { "bytes", "f32", "f64", "f16", "one", "none", "long" }));
        Assert.That(file.Metadata["note"], Is.EqualTo("“quoted” \n line"));
        foreach (string name in new[] { "f32", "f64", "f16" }) Assert.That(file.Read(name), Is.EqualTo(values), name);
        Assert.That(file.Read("bytes"), Is.EqualTo(new float[] { 0, 127, 255 }));
        Assert.That(file.Read("long"), Is.EqualTo(new[] { -5f, (float)(1L << 40) }));
        Assert.That(file.Read("one"), Is.EqualTo(new[] { 42f }));
        Assert.That(file.Read("none"), Is.Empty);
        Assert.That((file.ShapeOf("f16"), file.ShapeOf("one"), file.TypeOf("long")), Is.EqualTo((Shape.Create(3, 2), Shape.Create(), DType.I64)));
    }

    [Test]
    public void Upper_halves_round_to_the_nearest_and_ties_to_even()
    {
        var writer = new SafetensorsWriter();
        writer.Add("x", [5], [1f, 1 + 1f / 256, 1 + 3f / 256, float.NaN, -float.MaxValue], DType.BF16);
        writer.Write(At("bf16"));
        using var file = SafetensorsFile.Open(At("bf16"));
        Assert.That(file.Read("x"), Is.EqualTo(new[] { 1f, 1f, 1 + 4f / 256, float.NaN, float.NegativeInfinity }));
    }

    [Test]
    public void Data_begin_at_a_multiple_of_eight_and_arrays_at_multiples_of_their_type()
    {
        var writer = new SafetensorsWriter();
        writer.Add("a", [3], [1, 2, 3]);
        writer.Add("b", [1], [1L]);
        writer.Add("c", [3], [1f, 2, 3], DType.F16);
        writer.Add("d", [3], [1f, 2, 3]);
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        byte[] bytes = stream.ToArray();
        long header = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.That(header % 8, Is.Zero);
        Assert.That(Encoding.UTF8.GetString(bytes, 8, (int)header).TrimEnd(' '), Is.EqualTo(
            """{"b":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"d":{"dtype":"F32","shape":[3],"data_offsets":[8,20]},"c":{"dtype":"F16","shape":[3],"data_offsets":[20,26]},"a":{"dtype":"U8","shape":[3],"data_offsets":[26,29]}}"""));
    }

    [Test]
    public void An_existing_file_is_replaced_and_nothing_else_is_left()
    {
        File.WriteAllText(At("x"), "old");
        new SafetensorsWriter().Write(At("x"));
        Assert.That(Directory.GetFiles(_folder), Is.EqualTo(new[] { At("x") }));
        using var file = SafetensorsFile.Open(At("x"));
        Assert.That(file.Names, Is.Empty);
    }

    [Test]
    public void A_folder_that_is_not_there_is_one_clear_line()
    {
        string path = Path.Combine(_folder, "no", "x");
        Assert.That(() => new SafetensorsWriter().Write(path), Throws.TypeOf<StateFileException>().With.Message.StartsWith($"{path}: cannot be written: "));
        Assert.That(() => SafetensorsFile.Open(path), Throws.TypeOf<StateFileException>().With.Message.EqualTo($"{path}: there is no such file"));
        Assert.That(() => SafetensorsFile.Open(_folder), Throws.TypeOf<StateFileException>());
    }

    const string A = """ "a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]} """;

    static readonly (string Header, int Data, string Reason)[] Malformed =
    [
        ("", 0, "header is not JSON"),
        ("[1]", 0, "header must be an object"),
        ("{\"a\":1}", 0, "'a' must be an object"),
        ("{" + A, 8, "header is not JSON"),
        ("{" + A + "} x", 8, "header is not JSON"),
        ("{" + A + "," + A + "}", 8, "two arrays are named 'a'"),
        ("{" + A + "}", 9, "1 bytes follow the last array"),
        ("{" + A + "}", 7, "'a' ends at 8, the file has 7 bytes of data"),
        ("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "'a' [2] of F32 takes 8 bytes, its offsets span 4"),
        ("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "'a' begins at 4, leaving a gap: 0 was expected"),
        ("{" + A + """,  "b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "'b' begins at 4, inside the array before it: 8 was expected"),
        ("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "'a' ends at 0 before it begins at 8"),
        ("""{"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}""", 8, "'a' has dtype 'F31'; known are F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL"),
        ("""{"a":{"dtype":"0","shape":[2],"data_offsets":[0,16]}}""", 16, "'a' has dtype '0'; known are F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL"),
        ("""{"a":{"dtype":3,"shape":[2],"data_offsets":[0,8]}}""", 8, "dtype of 'a' must be text"),
        ("""{"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""", 8, "shape of 'a' must be an array"),
        ("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "shape of 'a' must be whole numbers from 0 to 2⁶³ − 1"),
        ("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", 8, "shape of 'a' must be whole numbers from 0 to 2⁶³ − 1"),
        ("""{"a":{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}}""", 8, "shape of 'a' must be whole numbers from 0 to 2⁶³ − 1"),
        ("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "'a' [4294967296, 4294967296] has more than 2147483647 elements"),
        ("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,99999999999999999999]}}""", 8, "data_offsets of 'a' must be whole numbers from 0 to 2⁶³ − 1"),
        ("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", 8, "data_offsets of 'a' are 1 numbers, 2 were expected"),
        ("""{"a":{"dtype":"F32","shape":[2]}}""", 8, "'a' lacks data_offsets"),
        ("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", 8, "'a' lacks dtype"),
        ("""{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "'a' has two fields 'dtype'"),
        ("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}""", 8, "'a' has an unknown field 'more'"),
        ("""{"__metadata__":{"k":1}}""", 0, "__metadata__ 'k' must be text"),
        ("""{"__metadata__":{"k":"1","k":"2"}}""", 0, "__metadata__ 'k' appears twice"),
        ("""{"__metadata__":{},"__metadata__":{}}""", 0, "__metadata__ appears twice"),
        ("""{"__metadata__":"x"}""", 0, "__metadata__ must be an object"),
        ("{\"\\ud800\":{}}", 0, "header holds text that is not Unicode"),
    ];

    static IEnumerable<TestCaseData> MalformedCases => Malformed.Select(m => new TestCaseData(m.Header, m.Data, m.Reason).SetArgDisplayNames($"{m.Reason}: {m.Header.Length}"));

    [TestCaseSource(nameof(MalformedCases))]
    public void A_malformed_header_is_refused_in_one_line(string header, int data, string reason)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        var message = Refusal([.. BitConverter.GetBytes((long)json.Length), .. json, .. new byte[data]]);
        Assert.That(message, Does.StartWith($"{At("bad")}: {reason}"));
        Assert.That(message, Does.Not.Contain("\n"));
    }

    [TestCase(0L, 5, "5 bytes are too few for a safetensors file")]
    [TestCase(100L, 8, "header of 100 bytes is longer than the 0 bytes that follow")]
    [TestCase(-1L, 20, "header of 18446744073709551615 bytes is longer than 100000000, the most allowed")]
    public void A_length_that_cannot_be_is_refused(long headerLength, int bytes, string reason)
    {
        byte[] content = new byte[bytes];
        BitConverter.GetBytes(headerLength).AsSpan(0, Math.Min(8, bytes)).CopyTo(content);
        Assert.That(Refusal(content), Is.EqualTo($"{At("bad")}: {reason}"));
    }

    [Test]
    public void Damage_gives_a_refusal_or_a_valid_reading_and_nothing_else()
    {
        var writer = new SafetensorsWriter { Metadata = { ["k"] = "text" } };
        writer.Add("conv.weight", [2, 3], [1f, 2, 3, 4, 5, 6]);
        writer.Add("half", [3], [1f, 2, 3], DType.F16);
        writer.Add("count", [1], [7L]);
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        byte[] good = stream.ToArray();

        var rng = new Random(1);
        int refused = 0, read = 0;
        void Try(byte[] bytes)
        {
            try
            {
                File.WriteAllBytes(At("bad"), bytes);
                using var file = SafetensorsFile.Open(At("bad"));
                foreach (string name in file.Names) file.Read(name);
                read++;
            }
            catch (StateFileException e)
            {
                Assert.That(e.Message, Does.StartWith(At("bad") + ": ").And.Not.Contain("\n"));
                refused++;
            }
        }

        for (int length = 0; length < good.Length; length++) Try(good[..length]);
        Assert.That((refused, read), Is.EqualTo((good.Length, 0)), "truncations");
        for (int bit = 0; bit < 8 * good.Length; bit++)
        {
            byte[] bad = [.. good];
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            Try(bad);
        }
        for (int i = 0; i < 1000; i++)
        {
            byte[] bad = [.. good];
            for (int flips = rng.Next(2, 6); flips > 0; flips--) bad[rng.Next(8, bad.Length)] = (byte)rng.Next(256);
            Try(bad);
        }
        Assert.That(refused, Is.GreaterThan(good.Length + 1000));
        Assert.That(read, Is.GreaterThan(100), "flips in the data");
    }

    [Test]
    public void A_real_network_is_read()
    {
        using var file = SafetensorsFile.Open(SharedFiles.Weights("resnet50-imagenet.safetensors"));
        Assert.That(file.ShapeOf("conv1.weight"), Is.EqualTo(Shape.Create(64, 3, 7, 7)));
        Assert.That(file.TypeOf("layer1.0.conv1.weight"), Is.EqualTo(DType.F16));
        Assert.That(file.Names.Sum(n => n.Contains("running") || n.Contains("num_batches") ? 0 : file.ShapeOf(n).Elements), Is.EqualTo(25_557_032), "ResNet-50's parameters");
        Assert.That(file.Names.All(n => file.Read(n).All(float.IsFinite)));
    }

    string Refusal(byte[] content)
    {
        File.WriteAllBytes(At("bad"), content);
        return Assert.Throws<StateFileException>(() => SafetensorsFile.Open(At("bad")).Dispose())!.Message;
    }

    [Test]
    public void What_a_killed_writer_left_behind_is_replaced()
    {
        string folder = Directory.CreateTempSubdirectory("ilgpuxai-test-").FullName, path = Path.Combine(folder, "w.safetensors");
        try
        {
            File.WriteAllBytes(path + ".part", new byte[5000]);
            var writer = new SafetensorsWriter();
            writer.Add("a", [2], [1f, 2f]);
            writer.Write(path);
            Assert.That(Directory.GetFiles(folder), Is.EqualTo((string[])[path]));
            using var file = SafetensorsFile.Open(path);
            Assert.That(file.Read("a"), Is.EqualTo((float[])[1, 2]));
        }
        finally { Directory.Delete(folder, recursive: true); }
    }
}
