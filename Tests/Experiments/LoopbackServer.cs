using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IlgpuXai.Tests;

/// <summary>A web server on this machine that does to each request what the test says, connection by connection.</summary>
sealed class LoopbackServer : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _end = new();
    readonly Action<Request, int> _answer;

    public sealed record Request(string Path, IReadOnlyDictionary<string, string> Headers, NetworkStream To, CancellationToken End)
    {
        /// <summary>Where the wanted rest begins; null where all is wanted.</summary>
        public int? From => Headers.TryGetValue("range", out string? range) ? int.Parse(range["bytes=".Length..].TrimEnd('-')) : null;

        public void Send(string head, ReadOnlySpan<byte> body = default)
        {
            To.Write(Encoding.ASCII.GetBytes(head.ReplaceLineEndings("\r\n") + "\r\nConnection: close\r\n\r\n"));
            To.Write(body);
        }

        /// <summary>The file or the rest of it, as a good server answers; <paramref name="cut"/> bytes of it and then nothing more.</summary>
        public void File(byte[] content, string tag = "\"1\"", int cut = int.MaxValue)
        {
            bool same = !Headers.TryGetValue("if-range", out string? known) || known == tag;
            int from = same ? From ?? 0 : 0;
            var rest = content.AsSpan(from);
            string range = from > 0 ? $"\nContent-Range: bytes {from}-{content.Length - 1}/{content.Length}" : "";
            Send($"HTTP/1.1 {(from > 0 ? "206 Partial Content" : "200 OK")}\nETag: {tag}\nContent-Length: {rest.Length}{range}", rest[..Math.Min(cut, rest.Length)]);
        }

        /// <summary>Says nothing until the server is closed.</summary>
        public void Hang() => End.WaitHandle.WaitOne();
    }

    /// <param name="answer">Gets the request and its number, from 1 on.</param>
    public LoopbackServer(Action<Request, int> answer)
    {
        _answer = answer;
        _listener.Start();
        OnItsOwn(Serve);
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
    public List<Request> Requests { get; } = [];

    void Serve()
    {
        for (int number = 1; ; number++)
        {
            TcpClient client;
            try { client = _listener.AcceptTcpClient(); }
            catch (Exception e) when (e is InvalidOperationException or SocketException) { return; }      // closed
            int mine = number;
            OnItsOwn(() => Answer(client, mine));
        }
    }

    // Answers may hang: the pool's threads are the client's.
    static void OnItsOwn(Action work) => new Thread(() => work()) { IsBackground = true }.Start();

    void Answer(TcpClient client, int number)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                string path = reader.ReadLine()?.Split(' ')[1] ?? "";
                var headers = new Dictionary<string, string>();
                while (reader.ReadLine() is { Length: > 0 } line) headers[line[..line.IndexOf(':')].ToLowerInvariant()] = line[(line.IndexOf(':') + 1)..].Trim();
                var request = new Request(path, headers, stream, _end.Token);
                lock (Requests) Requests.Add(request);
                _answer(request, number);
            }
            catch (IOException) { }                     // the client went away
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Stop();
        _listener.Dispose();
    }
}
