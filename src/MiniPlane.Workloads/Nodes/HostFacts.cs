using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using MiniPlane.Workloads.Slurm;

namespace MiniPlane.Workloads.Nodes;

/// <summary>What is known of the hosts: this one stands for those behind it.</summary>
internal sealed record HostFacts
{
    private const string KubernetesVersion = "v1.36.0";

    public required string Address { get; init; }

    public required string Architecture { get; init; }

    public string MachineId { get; init; } = "";

    public string KernelVersion { get; init; } = "";

    public string OsImage { get; init; } = "";

    /// <summary><c>apptainer://1.4.5</c>.</summary>
    public string RuntimeVersion { get; init; } = "apptainer://unknown";

    public static HostFacts Read(string apptainerVersion) => new()
    {
        Address = LocalHost.Address.ToString(),
        Architecture = RuntimeInformation.OSArchitecture switch
        {
            System.Runtime.InteropServices.Architecture.X64 => "amd64",
            System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
            System.Runtime.InteropServices.Architecture.Ppc64le => "ppc64le",
            _ => "unknown",
        },
        MachineId = ReadLine("/etc/machine-id"),
        KernelVersion = ReadLine("/proc/sys/kernel/osrelease"),
        OsImage = ReadOsName(),
        RuntimeVersion = apptainerVersion.Length > 0 ? $"apptainer://{apptainerVersion}" : "apptainer://unknown",
    };

    public JsonObject ToNodeInfo(string backendVersion) => new()
    {
        ["machineID"] = MachineId,
        ["systemUUID"] = MachineId,
        ["bootID"] = "",
        ["kernelVersion"] = KernelVersion,
        ["osImage"] = OsImage,
        ["containerRuntimeVersion"] = RuntimeVersion,
        ["kubeletVersion"] = $"{KubernetesVersion}-miniplane{(backendVersion.Length > 0 ? $".{backendVersion}" : "")}",
        ["kubeProxyVersion"] = "",
        ["operatingSystem"] = "linux",
        ["architecture"] = Architecture,
    };

    private static string ReadOsName()
    {
        string? line = ReadLines("/etc/os-release").FirstOrDefault(line => line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal));
        return line is null ? "Linux" : line["PRETTY_NAME=".Length..].Trim('"');
    }

    private static string ReadLine(string path) => ReadLines(path).FirstOrDefault("").Trim();

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
