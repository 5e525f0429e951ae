using System.CommandLine;
using IlgpuXai.Experiments;
using IlgpuXai.Models;
using IlgpuXai.Xai;

namespace IlgpuXai.Cli;

/// <summary><c>explain PICTURE…</c>: the map of each picture as an overlay, and raw.</summary>
static class ExplainCommand
{
    public static Command Create(TextWriter output)
    {
        var pictures = new Argument<string[]>("PICTURE") { Description = "pictures, or folders of them", Arity = ArgumentArity.OneOrMore };
        var method = new Option<string>("--method") { Description = "how to explain: see the command methods", DefaultValueFactory = _ => "occlusion", HelpName = "NAME" };
        var target = Options.Whole("--target", "class to explain (default: the predicted one)", 0);
        var score = Options.Choice("--score", "what is explained", ClassScore.Logit, [("logit", ClassScore.Logit), ("probability", ClassScore.Probability)]);
        var layer = new Option<string?>("--layer") { Description = "grad-cam, score-cam, ablation-cam: the layer to map (default: the last spatial activations)", HelpName = "NAME" };
        var signed = new Option<bool>("--signed") { Description = "saliency, grad-cam, score-cam, ablation-cam: keep the sign" };
        var steps = Options.Whole("--steps", "integrated-gradients: gradients on the path (default: 50)", 1, IntegratedGradients.MostSteps);
        var rule = Options.Choice("--rule", "integrated-gradients: where on the path", PathRule.GaussLegendre,
            [("gauss-legendre", PathRule.GaussLegendre), ("trapezoid", PathRule.Trapezoid), ("midpoint", PathRule.Midpoint)]);
        var tolerance = Options.Number("--tolerance", "integrated-gradients: double the steps until the residual of completeness is below", 0, double.MaxValue);
        var window = Options.Whole("--window", "occlusion: side of the covering window, pixels (default: a quarter of the shorter side)", 1);
        var stride = Options.Whole("--stride", "occlusion: pixels from one position to the next (default: 1, or half the window of large pictures)", 1);
        var reach = Options.Number("--reach", "occlusion: approximate, a window changes at most this share of each side of a layer's maps; the residual is the largest error of 16 windows (default: 1, exact)", 0.01, 1);
        var segments = new Option<string>("--segments") { Description = "feature-ablation, lime: what is covered as one: grid:SIDE, slic:COUNT or slic:COUNT:COMPACTNESS", DefaultValueFactory = _ => "slic:50", HelpName = "S" };
        var samples = Options.Whole("--samples", "lime, rise: random variants (default: 1000, 4000)", 2, 10_000_000);
        var cells = Options.Whole("--cells", "rise: cells along an axis of a mask (default: 7)", 1);
        var seed = Options.Seed("of random variants (default: 0)");
        var curves = Options.Whole("--curves", "areas under the deletion and insertion curves of the map, in this many steps", 1);
        var baseline = new Option<string>("--baseline")
        {
            Description = "occlusion, integrated-gradients, feature-ablation, lime, rise, score-cam: what stands for nothing, in the network's own numbers: a number, mean, blur, blur:SIGMA, or one number per channel (a,b,c)",
            DefaultValueFactory = _ => "0", HelpName = "B",
        };
        var colours = Options.Choice("--colours", "colour map", ColourMap.BlueRed, [.. ColourMap.All.Select(c => (c.Name, c))]);
        var alpha = Options.Number("--alpha", "weight of the map in the overlay (default: 0.8)", 0, 1);
        var zoom = Options.Whole("--zoom", "enlargement of the overlay (default: to about 280 pixels)", 1, 64);
        var npy = new Option<bool>("--npy") { Description = "write what the method found too, raw and signed: float32 [channels, height, width], or [height, width] where it does not tell channels apart" };
        var input = new InputOptions();
        var outFolder = Options.Out("folder for the overlays (default: out/explain)");
        var command = new Command("explain", "where a network looks in pictures")
            { pictures, method, target, score, layer, signed, steps, rule, tolerance, window, stride, reach, segments, samples, cells, seed, baseline, curves, colours, alpha, zoom, npy, outFolder };
        input.AddTo(command);
        var common = new CommonOptions(command);
        command.SetAction(parsed =>
        {
            var entry = input.Model(parsed);
            int side = Math.Min(entry.InputShape[1], entry.InputShape[2]), covering = parsed.GetValue(window) ?? Math.Max(1, side / 4);
            var options = new ExplainOptions
            {
                Out = parsed.GetValue(outFolder) ?? Path.Combine("out", "explain"), Target = parsed.GetValue(target),
                Method = new(MethodCatalogue.Find(parsed.GetValue(method)!).Name, covering, parsed.GetValue(stride) ?? (side <= 64 ? 1 : Math.Max(1, covering / 2)), parsed.GetValue(baseline)!)
                {
                    Score = parsed.GetValue(score), Layer = parsed.GetValue(layer), Signed = parsed.GetValue(signed),
                    Steps = parsed.GetValue(steps) ?? 50, Rule = parsed.GetValue(rule), Tolerance = parsed.GetValue(tolerance),
                    Reach = parsed.GetValue(reach) ?? 1, Segments = parsed.GetValue(segments)!, Samples = parsed.GetValue(samples), Cells = parsed.GetValue(cells) ?? 7, Seed = parsed.GetValue(seed) ?? 0,
                },
                Colours = parsed.GetValue(colours)!, Alpha = parsed.GetValue(alpha) ?? 0.8, Zoom = parsed.GetValue(zoom), Npy = parsed.GetValue(npy), Curves = parsed.GetValue(curves),
            };
            var screen = common.Screen(parsed, output);
            using var device = common.Open(parsed, screen);
            using var interrupt = new Interrupt();
            var files = PictureInput.Files(parsed.GetValue(pictures)!);
            using var network = input.Load(parsed, device, entry);
            var explained = screen.Work(reporter => Explanation.Of(network, device, files, input.Preprocessing(parsed, entry, network), options, reporter, interrupt.Token));
            if (common.Json(parsed)) screen.Json(explained);
            else
            {
                List<(string Title, Func<Explanation, string> Cell)> columns =
                [
                    ("picture", e => e.Picture), ("class explained", e => network.Classes.Told(e.Target)), ("probability", e => Numbers.Percent(e.Probability)), ("largest of the map", e => Numbers.Short(e.Largest)),
                ];
                if (explained.Any(e => e.Residual is not null)) columns.Add(("residual", e => Numbers.Short(e.Residual ?? double.NaN)));
                if (explained.Any(e => e.Curves is not null)) columns.AddRange([("deletion", e => Numbers.Short(e.Curves!.Deletion)), ("insertion", e => Numbers.Short(e.Curves!.Insertion))]);
                columns.Add(("written", e => string.Join(", ", e.Files)));
                screen.Table([.. columns.Select(c => c.Title)], explained.Select(e => columns.Select(c => c.Cell(e)).ToArray()));
            }
            return CommandLine.Done;
        });
        return command;
    }
}
