using System.Text.Json.Nodes;

namespace MiniPlane.Workloads.Slurm.Rest;

/// <summary>Says a flag of sbatch in the properties of a job; throws <see cref="FormatException"/> for a value that cannot be said.</summary>
/// <param name="job">The properties so far.</param>
/// <param name="value">The flag's value, empty for none.</param>
internal delegate void RestOption(JsonObject job, string value);
