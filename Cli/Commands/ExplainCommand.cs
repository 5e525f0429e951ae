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
        var layer = new Option<string?>("--layer") { Description = "grad-cam: the layer to map (default: the last spatial activations)", HelpName = "NAME" };
        var signed = new Option<bool>("--signed") { Description = "saliency, grad-cam: keep the sign" };
        var steps = Options.Whole("--steps", "integrated-gradients: gradients on the path (default: 50)", 1, IntegratedGradients.MostSteps);
        var rule = Options.Choice("--rule", "integrated-gradients: where on the path", PathRule.GaussLegendre,
            [("gauss-legendre", PathRule.GaussLegendre), ("trapezoid", PathRule.Trapezoid), ("midpoint", PathRule.Midpoint)]);
        var tolerance = Options.Number("--tolerance", "integrated-gradients: double the steps until the residual of completeness is below", 0, double.MaxValue);
        var window = Options.Whole("--window", "occlusion: side of the covering window, pixels (default: a quarter of the shorter side)", 1);
        var stride = Options.Whole("--stride", "occlusion: pixels from one position to the next (default: 1, or half the window of large pictures)", 1);
        var baseline = new Option<string>("--baseline")
        {
            Description = "occlusion, integrated-gradients: what stands for nothing, in the network's own numbers: a number, mean, blur, blur:SIGMA, or one number per channel (a,b,c)",
            DefaultValueFactory = _ => "0", HelpName = "B",
        };
        var colours = Options.Choice("--colours", "colour map", ColourMap.BlueRed, [.. ColourMap.All.Select(c => (c.Name, c))]);
        var alpha = Options.Number("--alpha", "weight of the map in the overlay (default: 0.8)", 0, 1);
        var zoom = Options.Whole("--zoom", "enlargement of the overlay (default: to about 280 pixels)", 1, 64);
        var npy = new Option<bool>("--npy") { Description = "write what the method found too, raw and signed: float32 [channels, height, width], or [height, width] where it does not tell channels apart" };
        var input = new InputOptions();
        var outFolder = Options.Out("folder for the overlays (default: out/explain)");
        var command = new Command("explain", "where a network looks in pictures")
            { pictures, method, target, score, layer, signed, steps, rule, tolerance, window, stride, baseline, colours, alpha, zoom, npy, outFolder };
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
                },
                Colours = parsed.GetValue(colours)!, Alpha = parsed.GetValue(alpha) ?? 0.8, Zoom = parsed.GetValue(zoom), Npy = parsed.GetValue(npy),
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
                bool residuals = explained.Any(e => e.Residual is not null);
                screen.Table(["picture", "class explained", "probability", "largest of the map", .. residuals ? (string[])["residual"] : [], "written"], explained.Select(e => (string[])
                    [e.Picture, network.Classes.Told(e.Target), Numbers.Percent(e.Probability), Numbers.Short(e.Largest), .. residuals ? (string[])[Numbers.Short(e.Residual ?? double.NaN)] : [], string.Join(", ", e.Files)]));
            }
            return CommandLine.Done;
        });
        return command;
    }
}
