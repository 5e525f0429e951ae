using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace IlgpuXai.Experiments;

/// <summary>One attempt to get a file, or the rest of it.</summary>
/// <param name="name">What failures call it.</param>
/// <param name="patience">How long the server may say nothing.</param>
/// <param name="most">Bytes that the file may have.</param>
sealed class Download(string name, Uri source, PartialFile part, TimeSpan patience, long most)
{
    const int MostRedirects = 5;

    // No cookies, no decompression (the checksum is that of the file), and redirects are looked at first.
    static readonly HttpClient s_client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(30), PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { { "User-Agent", "ilgpuxai" } },
    };

    /// <summary>Fills the partial file to its end.</summary>
    /// <param name="hash">Gets every byte of the file, those that were there before too.</param>
    /// <exception cref="TransientException">It may go better next time.</exception>
    /// <exception cref="UserException">It will not.</exception>
    public async Task Run(IncrementalHash hash, Megabytes bar, CancellationToken stop)
    {
        long have = part.Length;
        using var response = await Ask(source, have, 0, stop).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            if (response.Content.Headers.ContentRange?.Length == have)
            {
                part.Continue(hash).Dispose();                   // all of it was there already
                return;
            }
            part.Remove();
            throw new TransientException("the server has another file than before");
        }
        bool continues = response.StatusCode == HttpStatusCode.PartialContent;
        if (continues && response.Content.Headers.ContentRange?.From != have)
        {
            part.Remove();
            throw new TransientException("the server sent another part than was asked for");
        }
        long? total = (continues ? have : 0) + response.Content.Headers.ContentLength;
        if (total > most) throw TooLong($"{total} bytes");
        using (var file = continues ? part.Continue(hash) : part.Begin(Tag(response))) await Copy(response, file, total, hash, bar, stop).ConfigureAwait(false);
        if (total is { } expected && part.Length != expected) throw new TransientException($"the connection ended after {part.Length} of {expected} bytes");
    }

    async Task Copy(HttpResponseMessage response, FileStream file, long? total, IncrementalHash hash, Megabytes bar, CancellationToken stop)
    {
        var body = await Patiently(t => response.Content.ReadAsStreamAsync(t), stop).ConfigureAwait(false);
        byte[] buffer = new byte[1 << 16];
        bar.Show(file.Position, total);
        while (await Patiently(async t => await body.ReadAsync(buffer, t).ConfigureAwait(false), stop).ConfigureAwait(false) is > 0 and var read)
        {
            if (file.Position + read > most) throw TooLong($"more than {most} bytes");
            part.Guarded(() =>
            {
                file.Write(buffer, 0, read);
                return true;
            });
            hash.AppendData(buffer, 0, read);
            bar.Show(file.Position, total);
        }
        part.Guarded(() =>
        {
            file.Flush(flushToDisk: true);
            return true;
        });
    }

    // The answer that carries the file, behind whatever redirects lead to it.
    async Task<HttpResponseMessage> Ask(Uri address, long have, int redirects, CancellationToken stop)
    {
        CheckSafe(address);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (have > 0)
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
            if (part.Tag is { } tag) request.Headers.TryAddWithoutValidation("If-Range", tag);      // the rest only if the file is still the same, else all of it
        }
        var response = await Patiently(t => s_client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, t), stop).ConfigureAwait(false);
        int status = (int)response.StatusCode;
        if (status is 200 or 206 && (status == 200 || have > 0) || status == 416 && have > 0) return response;
        using (response)
        {
            string what = $"{address} answers {status} {response.ReasonPhrase}";
            if (status is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } next)
                return redirects < MostRedirects ? await Ask(new(address, next), have, redirects + 1, stop).ConfigureAwait(false) : throw new UserException($"{name}: {source} redirects more than {MostRedirects} times");
            throw status is 408 or 429 or >= 500 ? new TransientException(what) : new UserException($"{name}: {what}");
        }
    }

    // http is for a server on this machine alone, and only where that is the source itself.
    void CheckSafe(Uri address)
    {
        if (address.Scheme == Uri.UriSchemeHttps) return;
        if (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback && source.Scheme == Uri.UriSchemeHttp && source.IsLoopback) return;
        throw new UserException(address == source ? $"{name}: {address} is not HTTPS" : $"{name}: {source} redirects to {address}, which is not HTTPS");
    }

    // A weak tag says that two versions are alike, not that they are the same.
    static string? Tag(HttpResponseMessage response) => response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : response.Content.Headers.LastModified?.ToString("r");

    UserException TooLong(string what) => new($"{name}: {source} has {what}, at most {most} were expected");

    async Task<T> Patiently<T>(Func<CancellationToken, Task<T>> work, CancellationToken stop)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timer.CancelAfter(patience);
        try
        {
            return await work(timer.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new TransientException($"{source.Host} said nothing for {patience.TotalSeconds:0.#} s", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !stop.IsCancellationRequested)
        {
            throw new TransientException($"the connection to {source.Host} failed: {(e as HttpRequestException)?.InnerException?.Message ?? e.Message}", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new OperationCanceledException(e.Message, e, stop);
        }
    }
}
