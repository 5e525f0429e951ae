using System.CommandLine;
using IlgpuXai.Experiments;

namespace IlgpuXai.Cli;

/// <summary><c>weights FILE</c>, <c>weights list</c>, <c>weights fetch NAME</c>: what a file of weights holds, and where weights come from.</summary>
static class WeightsCommand
{
    public static Command Create(TextWriter output)
    {
        var file = Options.File("FILE", "safetensors, PyTorch (.pt, .pth) or NumPy (.npz), or a name of weights list", needed: false);
        var digests = new Option<bool>("--sha256") { Description = "the SHA-256 of every array too" };
        var json = Options.Json();
        var command = new Command("weights", "what a file of weights holds; weights that have a name") { file, digests, json, List(output), Fetch(output) };
        command.SetAction(parsed =>
        {
            string path = WeightFiles.Resolve(parsed.GetValue(file) ?? throw new UsageException("weights: a file, list or fetch NAME was expected"));
            var listing = WeightListing.Of(path, parsed.GetValue(digests));
            var screen = new Screen(output, quiet: false, parsed.GetValue(json));
            if (parsed.GetValue(json)) screen.Json(listing);
            else Show(screen, listing);
            return CommandLine.Done;
        });
        return command;
    }

    static void Show(Screen screen, WeightListing weights)
    {
        bool digests = weights.Arrays.Any(a => a.Sha256 is not null);
        string[] head = ["array", "shape", "type"];
        screen.Table(digests ? [.. head, "SHA-256"] : head,
            weights.Arrays.Select(a => (string[])[a.Name, string.Join('×', a.Shape), a.Type, .. a.Sha256 is { } digest ? [digest] : System.Array.Empty<string>()]), numbers: false);
        screen.Line();
        screen.Line($"{weights.File}: {weights.Format}, {Numbers.Count(weights.Bytes)} bytes, {weights.Arrays.Count} arrays, {Numbers.Count(weights.Parameters)} parameters");
        screen.Line($"SHA-256 {weights.Sha256}");
        foreach (var (key, text) in weights.Metadata) screen.Line($"{key}: {text}");
    }

    static Command List(TextWriter output)
    {
        var json = Options.Json();
        var command = new Command("list", "weights that have a name, and which of them are here") { json };
        command.SetAction(parsed =>
        {
            var cache = WeightCache.OfUser();
            var rows = WeightRegistry.All.Select(e => (Entry: e, File: cache.Find(e)));
            var screen = new Screen(output, quiet: false, parsed.GetValue(json));
            if (parsed.GetValue(json)) screen.Json(rows.Select(r => new { r.Entry, r.File }));
            else
            {
                screen.Table(["weights", "model", "classes", "preprocessing", "SHA-256", "here", "licence"], rows.Select(r => (string[])
                    [r.Entry.Name, r.Entry.Architecture, $"{r.Entry.Classes}", r.Entry.Preprocessing, r.Entry.Sha256[..8], r.File is null ? "no" : r.Entry.File is null ? "fetched" : "shipped", r.Entry.Licence]), numbers: false);
                screen.Line();
                screen.Line($"ilgpuxai weights fetch NAME downloads to {cache.Folder}");
            }
            return CommandLine.Done;
        });
        return command;
    }

    static Command Fetch(TextWriter output)
    {
        var name = new Argument<string?>("NAME") { Description = "weights: see weights list", Arity = ArgumentArity.ZeroOrOne };
        var (json, quiet) = (Options.Json(), Options.Quiet());
        var command = new Command("fetch", "download weights to the cache; the same command continues an interrupted download") { name, json, quiet };
        command.SetAction(parsed =>
        {
            var entry = WeightRegistry.Get(parsed.GetValue(name) ?? throw new UsageException("weights fetch: a name is missing; weights list shows them"));
            var screen = new Screen(output, parsed.GetValue(quiet), parsed.GetValue(json));
            using var interrupt = new Interrupt();
            string file = screen.Work(reporter => new WeightFetch(WeightCache.OfUser(), FetchPatience.Default, reporter).Fetch(entry, interrupt.Token));
            if (parsed.GetValue(json)) screen.Json(new { entry.Name, File = file, entry.Licence });
            else screen.Line($"{entry.Name}: {file}; licence: {entry.Licence}");
            return CommandLine.Done;
        });
        return command;
    }
}
