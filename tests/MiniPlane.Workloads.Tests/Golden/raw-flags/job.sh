#!/bin/sh
# Pod default/raw, uid u-5
#SBATCH --job-name=raw
#SBATCH --comment="it's \"quoted\" #1"
#SBATCH --chdir=/home/me/.miniplane/pods/u-5
#SBATCH --output=/home/me/.miniplane/pods/u-5/slurm-%j.out
#SBATCH --open-mode=append
#SBATCH --partition=gpu
#SBATCH --cpus-per-task=2
#SBATCH --signal=B:TERM@60
#SBATCH --requeue
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=4
#SBATCH --mem-per-cpu=2G
#SBATCH --gpus=4
#SBATCH --spank-opt=value
#SBATCH --hold
#SBATCH --verbose
exec '/opt/mini plane/miniplane-agent' --config /home/me/.miniplane/pods/u-5/agent.json
