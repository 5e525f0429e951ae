using System.Security.Cryptography;
using IlgpuXai.Data;
using IlgpuXai.Experiments;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class WeightFetchTests
{
    static readonly FetchPatience s_hasty = new(3, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(5));

    readonly byte[] _content = RandomNumberGenerator.GetBytes(300_000);
    TempFolder _folder = null!;
    Recorder _recorder = null!;

    [SetUp]
    public void Make() => (_folder, _recorder) = (new(), new());

    [TearDown] public void Remove() => _folder.Dispose();

    WeightEntry Entry(LoopbackServer server, string? sha256 = null) =>
        new("tiny", "mnist-cnn", 10, "mnist", sha256 ?? Convert.ToHexStringLower(SHA256.HashData(_content))[..12], "none", server.Address + "/tiny.pth");

    WeightFetch Fetcher(FetchPatience? patience = null) => new(new(_folder.Path), patience ?? s_hasty, _recorder);

    string Fetch(LoopbackServer server, FetchPatience? patience = null) => Fetcher(patience).Fetch(Entry(server), CancellationToken.None);

    string Refusal<E>(LoopbackServer server, FetchPatience? patience = null, string? sha256 = null) where E : Exception =>
        Assert.Throws<E>(() => Fetcher(patience).Fetch(Entry(server, sha256), CancellationToken.None))!.Message;

    string[] Left => [.. Directory.GetFiles(_folder.Path).Select(f => Path.GetFileName(f)).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    [Test]
    public void A_file_comes_once_and_stays()
    {
        using var server = new LoopbackServer((r, _) => r.File(_content));
        string file = Fetch(server);
        Assert.That(file, Is.EqualTo(_folder.File("tiny.pth")));
        Assert.That(File.ReadAllBytes(file), Is.EqualTo(_content));
        Assert.That(Left, Is.EqualTo((string[])["tiny.pth"]));
        Assert.That(Fetch(server), Is.EqualTo(file));
        Assert.That(server.Requests, Has.Count.EqualTo(1), "the second time nothing is asked for");
    }

    [Test]
    public void A_connection_that_is_cut_is_continued_where_it_ended()
    {
        using var server = new LoopbackServer((r, number) => r.File(_content, cut: number < 3 ? 100_000 : int.MaxValue));
        Assert.That(File.ReadAllBytes(Fetch(server)), Is.EqualTo(_content));
        Assert.That(server.Requests.Select(r => r.From), Is.EqualTo((int?[])[null, 100_000, 200_000]));
        Assert.That(server.Requests[1].Headers["if-range"], Is.EqualTo("\"1\""));
        Assert.That(_recorder.Notes, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_later_call_continues_what_an_earlier_one_left()
    {
        using (var bad = new LoopbackServer((r, _) => r.File(_content, cut: 50_000)))
            Assert.That(Refusal<UserException>(bad), Does.StartWith("tiny: the connection to 127.0.0.1 failed: ").And.EndWith(", 3 times in a row; what has come so far is kept, the same command continues"));
        Assert.That(Left, Is.EqualTo((string[])["tiny.pth.part", "tiny.pth.part.tag"]));
        using var good = new LoopbackServer((r, _) => r.File(_content));
        Assert.That(File.ReadAllBytes(Fetch(good)), Is.EqualTo(_content));
        Assert.That(good.Requests.Single().From, Is.EqualTo(150_000));
        Assert.That(Left, Is.EqualTo((string[])["tiny.pth"]));
    }

    [Test]
    public void A_server_that_knows_no_ranges_sends_all_of_it_again()
    {
        using var server = new LoopbackServer((r, number) => r.Send($"HTTP/1.1 200 OK\nContent-Length: {_content.Length}", number == 1 ? _content.AsSpan(0, 1000) : _content));
        Assert.That(File.ReadAllBytes(Fetch(server)), Is.EqualTo(_content));
        Assert.That(server.Requests[1].From, Is.EqualTo(1000));
    }

    [Test]
    public void A_file_of_unknown_length_comes_too()
    {
        using var server = new LoopbackServer((r, _) => r.Send("HTTP/1.1 200 OK", _content));
        Assert.That(File.ReadAllBytes(Fetch(server)), Is.EqualTo(_content));
    }

    [Test]
    public void A_file_that_changed_in_between_is_fetched_from_its_beginning()
    {
        byte[] old = new byte[400_000];
        using var server = new LoopbackServer((r, number) => { if (number == 1) r.File(old, "\"old\"", cut: 5000); else r.File(_content, "\"new\""); });
        Assert.That(File.ReadAllBytes(Fetch(server)), Is.EqualTo(_content));
        Assert.That(server.Requests[1].From, Is.EqualTo(5000), "a rest was asked for");
    }

    [Test]
    public void A_change_that_the_server_does_not_tell_is_found_by_the_checksum_and_put_right()
    {
        _folder.Write("tiny.pth.part", new byte[1000]);
        using var server = new LoopbackServer((r, _) => r.File(_content));
        Assert.That(File.ReadAllBytes(Fetch(server)), Is.EqualTo(_content));
        Assert.That(server.Requests.Select(r => r.From), Is.EqualTo((int?[])[1000, null]));
        Assert.That(_recorder.Notes.Single(), Is.EqualTo("tiny: what was resumed has a wrong checksum; starting again"));
    }

    [Test]
    public void What_had_come_completely_is_only_checked()
    {
        _folder.Write("tiny.pth.part", _content);
        using var server = new LoopbackServer((r, _) => r.Send($"HTTP/1.1 416 Range Not Satisfiable\nContent-Range: bytes */{_content.Length}\nContent-Length: 0"));
        Assert.That(File.ReadAllBytes(Fetch(server)), Is.EqualTo(_content));
        Assert.That(Left, Is.EqualTo((string[])["tiny.pth"]));
    }

    [Test]
    public void A_wrong_checksum_leaves_nothing()
    {
        using var server = new LoopbackServer((r, _) => r.File(_content));
        Assert.That(Refusal<UserException>(server, sha256: "0123456789ab"),
            Is.EqualTo($"tiny: {server.Address}/tiny.pth has the SHA-256 {Convert.ToHexStringLower(SHA256.HashData(_content))}, 0123456789ab… was expected; it was removed"));
        Assert.That(Left, Is.Empty);
    }

    [Test]
    public void A_missing_file_is_not_asked_for_twice()
    {
        using var server = new LoopbackServer((r, _) => r.Send("HTTP/1.1 404 Not Found\nContent-Length: 0"));
        Assert.That(Refusal<UserException>(server), Is.EqualTo($"tiny: {server.Address}/tiny.pth answers 404 Not Found"));
        Assert.That((server.Requests.Count, Left.Length), Is.EqualTo((1, 0)));
    }

    [Test]
    public void A_server_that_stumbles_is_asked_again_and_one_that_stays_down_is_given_up()
    {
        using (var stumbles = new LoopbackServer((r, number) => { if (number < 3) r.Send("HTTP/1.1 503 Service Unavailable\nContent-Length: 0"); else r.File(_content); }))
            Assert.That(File.ReadAllBytes(Fetch(stumbles)), Is.EqualTo(_content));
        File.Delete(_folder.File("tiny.pth"));
        using var down = new LoopbackServer((r, _) => r.Send("HTTP/1.1 500 Internal Server Error\nContent-Length: 0"));
        Assert.That(Refusal<UserException>(down), Does.StartWith($"tiny: {down.Address}/tiny.pth answers 500 Internal Server Error, 3 times in a row"));
        Assert.That(down.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public void A_server_that_says_nothing_is_left_and_asked_again()
    {
        var impatient = s_hasty with { Attempts = 6, Patience = TimeSpan.FromSeconds(0.7) };
        using var server = new LoopbackServer((r, number) =>
        {
            // A busy machine may lose patience before the first bytes come, and ask for the beginning again.
            if (number > 1) r.File(_content, cut: r.From is null ? 70_000 : int.MaxValue);
            if (r.From is null) r.Hang();
        });
        Assert.That(File.ReadAllBytes(Fetch(server, impatient)), Is.EqualTo(_content));
        Assert.That(_recorder.Notes, Has.Count.GreaterThanOrEqualTo(2).And.All.EqualTo("tiny: 127.0.0.1 said nothing for 0.7 s; trying again"));
        Assert.That(server.Requests.Select(r => r.From).Distinct(), Is.EqualTo((int?[])[null, 70_000]));
    }

    [Test]
    public void A_redirect_is_followed_here_and_refused_where_it_leaves_HTTPS()
    {
        using (var server = new LoopbackServer((r, _) => { if (r.Path == "/tiny.pth") r.Send("HTTP/1.1 302 Found\nLocation: /elsewhere\nContent-Length: 0"); else r.File(_content); }))
            Assert.That(File.ReadAllBytes(Fetch(server)), Is.EqualTo(_content));
        File.Delete(_folder.File("tiny.pth"));
        using (var away = new LoopbackServer((r, _) => r.Send("HTTP/1.1 301 Moved\nLocation: http://example.org/x\nContent-Length: 0")))
            Assert.That(Refusal<UserException>(away), Is.EqualTo($"tiny: {away.Address}/tiny.pth redirects to http://example.org/x, which is not HTTPS"));
        using var circle = new LoopbackServer((r, _) => r.Send("HTTP/1.1 307 Temporary\nLocation: /tiny.pth\nContent-Length: 0"));
        Assert.That(Refusal<UserException>(circle), Is.EqualTo($"tiny: {circle.Address}/tiny.pth redirects more than 5 times"));
        Assert.That(() => Fetcher().Fetch(new("x", "x", 1, "mnist", "00000000", "none", "http://example.org/x.pth"), CancellationToken.None),
            Throws.TypeOf<UserException>().With.Message.EqualTo("x: http://example.org/x.pth is not HTTPS"));
    }

    [Test]
    public void Stopped_in_the_middle_it_can_be_continued()
    {
        using var stop = new CancellationTokenSource();
        using var server = new LoopbackServer((r, number) =>
        {
            r.File(_content, cut: number == 1 ? 123_456 : int.MaxValue);
            if (number > 1) return;
            while (!File.Exists(_folder.File("tiny.pth.part")) || new FileInfo(_folder.File("tiny.pth.part")).Length < 123_456) Thread.Sleep(5);
            stop.Cancel();
            r.Hang();
        });
        Assert.That(() => Fetcher().Fetch(Entry(server), stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(new FileInfo(_folder.File("tiny.pth.part")).Length, Is.EqualTo(123_456));
        Assert.That(File.ReadAllBytes(Fetch(server)), Is.EqualTo(_content));
        Assert.That(server.Requests[1].From, Is.EqualTo(123_456));
    }

    [Test]
    public void Two_that_fetch_the_same_do_not_both_write()
    {
        using var started = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        using var server = new LoopbackServer((r, _) =>
        {
            started.Set();
            goOn.Wait();
            r.File(_content);
        });
        var first = Task.Run(() => Fetch(server));
        started.Wait();
        Assert.That(Refusal<UserException>(server), Is.EqualTo("tiny: another process is fetching these weights"));
        goOn.Set();
        Assert.That(File.ReadAllBytes(first.Result), Is.EqualTo(_content));
    }

    [Test]
    public void What_is_longer_than_stated_is_not_written()
    {
        using var server = new LoopbackServer((r, _) => r.File(_content));
        Assert.That(() => Fetcher().Fetch(Entry(server) with { Bytes = 1000 }, CancellationToken.None),
            Throws.TypeOf<UserException>().With.Message.EqualTo($"tiny: {server.Address}/tiny.pth has 300000 bytes, at most 1000 were expected"));
        Assert.That(Left, Is.Empty);
    }

    [Test]
    public void A_cache_that_cannot_be_written_is_one_line()
    {
        using var server = new LoopbackServer((r, _) => r.File(_content));
        _folder.Write("file", [1]);
        Assert.That(() => new WeightFetch(new(Path.Combine(_folder.File("file"), "below")), s_hasty, _recorder).Fetch(Entry(server), CancellationToken.None),
            Throws.TypeOf<DataException>().With.Message.StartsWith($"{_folder.File("file")}/below: cannot be made: "));
        Directory.CreateDirectory(_folder.File("tiny.pth.part"));
        Assert.That(Refusal<DataException>(server), Does.StartWith($"{_folder.File("tiny.pth.part")}: cannot be written: "));
    }
}
