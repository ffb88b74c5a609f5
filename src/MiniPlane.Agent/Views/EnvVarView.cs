namespace MiniPlane.Agent.Views;

/// <summary>core.v1.EnvVar.</summary>
internal sealed record EnvVarView
{
    public string Name { get; set; } = "";

    public string Value { get; set; } = "";

    public EnvVarSourceView? ValueFrom { get; set; }
}

internal sealed record EnvVarSourceView
{
    public FieldRefView? FieldRef { get; set; }

    public ResourceFieldRefView? ResourceFieldRef { get; set; }

    public KeyRefView? ConfigMapKeyRef { get; set; }

    public KeyRefView? SecretKeyRef { get; set; }

    public FileKeyRefView? FileKeyRef { get; set; }
}

/// <summary>core.v1.FileKeySelector: a variable in a file of an emptyDir.</summary>
internal sealed record FileKeyRefView
{
    public string VolumeName { get; set; } = "";

    public string Path { get; set; } = "";

    public string Key { get; set; } = "";

    public bool? Optional { get; set; }
}

internal sealed record FieldRefView
{
    public string FieldPath { get; set; } = "";
}

internal sealed record ResourceFieldRefView
{
    public string ContainerName { get; set; } = "";

    public string Resource { get; set; } = "";

    public System.Text.Json.Nodes.JsonNode? Divisor { get; set; }
}

internal sealed record KeyRefView
{
    public string Name { get; set; } = "";

    public string Key { get; set; } = "";

    public bool? Optional { get; set; }
}

internal sealed record EnvFromView
{
    public string Prefix { get; set; } = "";

    public ObjectRefView? ConfigMapRef { get; set; }

    public ObjectRefView? SecretRef { get; set; }
}

internal sealed record ObjectRefView
{
    public string Name { get; set; } = "";

    public bool? Optional { get; set; }
}
